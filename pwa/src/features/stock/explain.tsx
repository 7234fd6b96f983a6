import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get } from "../../api/client.ts";
import type { ExplainedBalance, ExplainedMove, Page } from "../../api/types.ts";
import { moment, number, t, word } from "../../i18n/index.ts";
import { Button, Loaded, useLoaded } from "../../ui/parts.tsx";

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
            {promises.map((one) => <p key={one.reservation_id}><small>{t("explain.promise", { n: one.open_qty, doc: `${word("doc", one.doc_kind)} ${one.doc_id}`, at: moment(one.created_at) })}</small></p>)}
          </section>
        )}
      </Loaded>
      <Loaded of={page}>
        {(found) => (
          <>
            <div class="table-wrap">
              <table>
                <thead><tr><th>{t("explain.when")}</th><th>{t("explain.reason")}</th><th class="n">{t("explain.change")}</th><th class="n">{t("explain.after")}</th><th>{t("explain.way")}</th><th>{t("explain.who")}</th><th>{t("explain.doc")}</th></tr></thead>
                <tbody>
                  {[...older.value, ...found.items].map((move) => (
                    <tr key={move.id}>
                      <td>{moment(move.event_at)}<br /><small>{t("explain.recorded", { at: moment(move.recorded_at) })}</small></td>
                      <td>{word("move", move.reason)}{move.note && <><br /><small>{move.note}</small></>}</td>
                      <td class="n"><b>{move.change > 0 ? `+${number(move.change)}` : number(move.change)}</b></td>
                      <td class="n">{number(move.after)}</td>
                      <td dir="ltr">{move.from_code} → {move.to_code}{move.lot_code && <><br /><small>{move.lot_code}</small></>}{move.serial && <><br /><small>{move.serial}</small></>}</td>
                      <td>{move.user_name ?? "–"}<br /><small>{move.device_name ?? "–"}</small></td>
                      <td>{move.doc_kind ? `${word("doc", move.doc_kind)} ${move.doc_id}` : "–"}<br /><small class="code" title={move.command_id}>{move.command_id.slice(0, 8)}</small></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {found.next && <Button onClick={() => { older.value = [...older.value, ...found.items]; cursor.value = found.next; }}>{t("ui.more_rows")}</Button>}
          </>
        )}
      </Loaded>
    </>
  );
}
