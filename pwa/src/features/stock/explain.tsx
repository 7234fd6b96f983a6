import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get } from "../../api/client.ts";
import type { ExplainedBalance, ExplainedMove, Page } from "../../api/types.ts";
import { moment, number, t, word } from "../../i18n/index.ts";
import { Button, Loaded, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";

type Promised = ExplainedBalance["promises"][number];

function PromiseRow({ one }: { one: Promised }): JSX.Element {
  return <p><small>{t("explain.promise", { n: one.open_qty, doc: docName(one.doc_kind, one.doc_id), at: moment(one.created_at) })}</small></p>;
}

/** A few are seen at once; what was moved, below them, is why one came here. */
const SHOWN = 3;

function Promises({ rows }: { rows: Promised[] }): JSX.Element {
  const rest = rows.slice(SHOWN);
  return (
    <>
      {rows.slice(0, SHOWN).map((one) => <PromiseRow key={one.reservation_id} one={one} />)}
      {rest.length > 0 && <details><summary>{t("board.more", { n: rest.length })}</summary>{rest.map((one) => <PromiseRow key={one.reservation_id} one={one} />)}</details>}
    </>
  );
}

const docName = (kind: string, id: number): string => (kind ? `${word("doc", kind)}${id > 0 ? ` ${id}` : ""}` : "–");

/** Any number, from the balance down to each move: who, when, with which device, for which document. */
export function Explain({ balanceId }: { balanceId: number }): JSX.Element {
  const head = useLoaded(() => get<ExplainedBalance>(`/api/stock/balances/${balanceId}`), [balanceId]);
  const cursor = useSignal<string | null>(null);
  const older = useSignal<ExplainedMove[]>([]);
  const page = useLoaded(() => get<Page<ExplainedMove>>(`/api/stock/balances/${balanceId}/moves`, { cursor: cursor.value }), [balanceId, cursor.value]);
  return (
    <>
      <Loaded of={head}>
        {({ balance, promises }) => (
          <section class="card">
            <h2>{balance.sku_name} · <span dir="ltr">{balance.location_code}</span></h2>
            <p>{t("explain.sum", { on_hand: balance.on_hand, reserved: balance.reserved })}</p>
            <Promises rows={promises} />
          </section>
        )}
      </Loaded>
      <Loaded of={page}>
        {(found) => (
          <>
            <Table heads={[{ label: t("explain.when") }, { label: t("explain.reason") }, { label: t("explain.change"), n: true }, { label: t("explain.after"), n: true }, { label: t("explain.way") }, { label: t("explain.who") }, { label: t("explain.doc") }]}>
                  {[...older.value, ...found.items].map((move) => (
                    <tr key={move.id}>
                      <td>{moment(move.event_at)}<br /><small>{t("explain.recorded", { at: moment(move.recorded_at) })}</small></td>
                      <td>{word("move", move.reason)}{move.note && <><br /><small>{move.note}</small></>}</td>
                      <td class="n"><b>{move.change > 0 ? `+${number(move.change)}` : number(move.change)}</b></td>
                      <td class="n">{number(move.after)}</td>
                      <td dir="ltr">{move.from_code} → {move.to_code}{move.lot_code && <><br /><small>{move.lot_code}</small></>}{move.serial && <><br /><small>{move.serial}</small></>}</td>
                      <td>{move.user_name ?? "–"}<br /><small>{move.device_name ?? "–"}</small></td>
                      <td>{docName(move.doc_kind, move.doc_id)}<br /><small class="code" title={move.command_id}>{move.command_id.slice(0, 8)}</small></td>
                    </tr>
                  ))}
                </Table>
            {found.next && <Button onClick={() => { older.value = [...older.value, ...found.items]; cursor.value = found.next; }}>{t("ui.more_rows")}</Button>}
          </>
        )}
      </Loaded>
    </>
  );
}
