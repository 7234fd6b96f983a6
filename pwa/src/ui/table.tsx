import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface Head { label: string; n?: boolean }

/** Rows side by side at a desk; on a phone each row is a card, every cell under the name of its column. */
export function Table({ heads, children }: { heads: Head[]; children: ComponentChildren }): JSX.Element {
  const body = useRef<HTMLTableSectionElement>(null);
  // The names stand once in the code; the style sheet shows them from the cells.
  useLayoutEffect(() => {
    for (const row of body.current?.rows ?? []) [...row.cells].forEach((cell, at) => { cell.dataset.head = heads[at]?.label ?? ""; });
  });
  return (
    <div class="table-wrap">
      <table>
        <thead><tr>{heads.map((head) => <th key={head.label} class={head.n ? "n" : undefined}>{head.label}</th>)}</tr></thead>
        <tbody ref={body}>{children}</tbody>
      </table>
    </div>
  );
}
