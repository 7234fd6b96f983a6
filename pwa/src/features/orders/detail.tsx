import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get, send } from "../../api/client.ts";
import type { OrderSheet } from "../../api/types.ts";
import { moment, t, word } from "../../i18n/index.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Field, Loaded, Trouble, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { may } from "../session/store.ts";

const REASONS = ["manual", "refund_requested", "address_changed", "goods_changed", "note_changed", "other"];

function Lines({ sheet }: { sheet: OrderSheet }): JSX.Element {
  return (
    <Table heads={[{ label: t("order.sku") }, { label: t("order.qty"), n: true }, { label: t("order.reserved"), n: true }, { label: t("order.picked"), n: true }, { label: t("order.short"), n: true }]}>{sheet.lines.map((line) => <tr key={line.id}><td>{line.sku_name}<br /><small>{line.sku_code}</small></td><td class="n">{line.qty}</td><td class="n">{line.reserved_qty}</td><td class="n">{line.picked_qty}</td><td class="n">{line.short_qty}</td></tr>)}</Table>
  );
}

export function OrderDetail({ id }: { id: number }): JSX.Element {
  const sheet = useLoaded(() => get<OrderSheet>(`/api/orders/${id}`), [id]);
  const problem = useSignal<unknown>(null);
  const busy = useSignal(false);
  const reason = useSignal(REASONS[0]!);
  const run = (verb: string, body: Record<string, unknown> = {}) => async (): Promise<void> => {
    busy.value = true;
    problem.value = null;
    await send(`/api/orders/${id}/${verb}`, body).catch((error: unknown) => { problem.value = error; });
    busy.value = false;
    sheet.again();
  };
  return (
    <Loaded of={sheet}>
      {(found) => {
        const { order } = found;
        const over = ["shipped", "cancelled"].includes(order.state);
        return (
          <>
            <section class="card">
              <h2>{order.number} · {word("order_state", order.state)}</h2>
              <p>{order.shop} · {order.external_no} · {order.carrier} · {t("order.due", { at: moment(order.cut_off_at ?? order.promise_at) })}</p>
              {order.wait_reason && <p class="hint">{word("wait", order.wait_reason)}</p>}
              {found.note && <p>{found.note}</p>}
              <Trouble problem={problem.value} />
              {may("supervise") && !over && (
                <div class="row">
                  {order.state === "received" && <Button kind="main" icon="ok" disabled={busy.value} onClick={() => void run("approve")()}>{t("order.approve")}</Button>}
                  <Field label={t("order.hold_reason")}><select value={reason.value} onChange={(event) => { reason.value = event.currentTarget.value; }}>{REASONS.map((one) => <option key={one} value={one}>{word("hold", one)}</option>)}</select></Field>
                  <Button icon="stop" disabled={busy.value} onClick={() => void run("hold", { reason: reason.value })()}>{t("order.hold")}</Button>
                  <Button icon="close" disabled={busy.value} onClick={() => { if (confirm(t("order.cancel_sure", { number: order.number }))) void run("cancel")(); }}>{t("order.cancel")}</Button>
                </div>
              )}
            </section>
            <Lines sheet={found} />
            <div class="columns">
              <section class="card">
                <h3>{t("order.holds")}</h3>
                {found.holds.length === 0 && <p class="hint">{t("order.no_holds")}</p>}
                {found.holds.map((hold) => (
                  <div class="row spread" key={hold.id}>
                    <span class={`chip ${hold.released_at ? "ok" : "stop"}`}><Icon name={hold.released_at ? "ok" : "stop"} size={16} />{word("hold", hold.reason)}</span>
                    <small>{moment(hold.since_at)}{hold.released_at && ` → ${moment(hold.released_at)}`}</small>
                    {!hold.released_at && may("supervise") && <Button disabled={busy.value} onClick={() => void run("release-hold", { reason: hold.reason })()}>{t("order.release_hold")}</Button>}
                  </div>
                ))}
              </section>
              <section class="card">
                <h3>{t("order.marks")}</h3>
                {found.marks.length === 0 && <p class="hint">{t("ui.none")}</p>}
                {found.marks.map((mark) => <p key={mark.mark}><Icon name="ok" size={18} /> {word("mark", mark.mark)} <small>{moment(mark.at)}</small></p>)}
              </section>
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
