// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

export interface Fact {
  name: string;
  value: ReactNode;
}

/** Named values, as many beside each other as the screen holds. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 md:grid-cols-3 lg:grid-cols-5">
      {facts.map((fact) => (
        <div key={fact.name} className="min-w-0">
          <dt className="text-xs text-muted">{fact.name}</dt>
          <dd className="font-medium break-words tabular-nums">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
