// SPDX-License-Identifier: Apache-2.0
/** A bar; without a total it only says that something moves. */
export function Progress({ label, current, total }: { label: string; current: number; total: number | null }) {
  const known = total !== null && total > 0;
  const share = known ? Math.min(1, current / total) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      {...(known ? { "aria-valuenow": current, "aria-valuemax": total } : {})}
      className="h-2.5 overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={`h-full rounded-full bg-accent transition-[width] duration-500 ${known ? "" : "w-1/3 animate-pulse"}`}
        {...(known ? { style: { width: `${share * 100}%` } } : {})}
      />
    </div>
  );
}
