// SPDX-License-Identifier: Apache-2.0
import { useId, type ReactNode } from "react";

interface Props {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}

/** A titled section on a surface; `flush` lets its content reach the edges (tables). */
export function Card({ title, actions, children, flush = false }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={`rounded-xl border border-line bg-surface shadow-xs ${flush ? "overflow-hidden" : ""}`}
    >
      {title !== undefined && (
        <header className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3.5 pb-2">
          <h2 id={id} className="text-[13px] font-semibold text-muted">
            {title}
          </h2>
          {actions}
        </header>
      )}
      <div className={flush ? "" : title === undefined ? "p-4" : "px-4 pb-4"}>{children}</div>
    </section>
  );
}
