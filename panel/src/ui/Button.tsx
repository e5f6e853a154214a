// SPDX-License-Identifier: Apache-2.0
import type { ButtonHTMLAttributes } from "react";

type Kind = "primary" | "plain" | "danger" | "quiet";

const LOOK: Record<Kind, string> = {
  primary: "bg-accent text-accent-ink border-transparent hover:brightness-110",
  plain: "bg-surface text-ink border-line hover:bg-sunken",
  danger: "bg-surface text-bad border-line hover:bg-bad-soft",
  quiet: "border-transparent text-muted hover:bg-sunken hover:text-ink",
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  small?: boolean;
}

export function Button({ kind = "plain", small = false, className = "", type = "button", ...rest }: Props) {
  const size = small ? "min-h-8 px-2.5 text-[13px]" : "min-h-10 px-4";
  return (
    <button
      type={type}
      className={`inline-flex items-center justify-center gap-2 rounded-lg border font-medium whitespace-nowrap transition disabled:cursor-not-allowed disabled:opacity-50 ${size} ${LOOK[kind]} ${className}`}
      {...rest}
    />
  );
}
