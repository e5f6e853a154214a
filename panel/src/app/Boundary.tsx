// SPDX-License-Identifier: Apache-2.0
// A fault of the panel itself: said, with a way on, instead of an empty page.
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/ui/Say";

function Crash({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <main className="mx-auto max-w-xl p-6">
      <Failure error={error} retry={() => location.reload()} />
      <p className="mt-3 text-muted">{t("notFound.crash")}</p>
    </main>
  );
}

export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Crash error={this.state.error} />;
  }
}
