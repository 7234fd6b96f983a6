import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get } from "../../api/client.ts";
import type { OrderRow, Page } from "../../api/types.ts";
import { dayClock, t, word } from "../../i18n/index.ts";
import { onScan } from "../../scanner/wedge.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Loaded, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { go, query } from "../../ui/router.tsx";
import { Top } from "../../ui/shell.tsx";
import { may, warehouse } from "../session/store.ts";
import { OrderDetail } from "./detail.tsx";
import { ImportOrders } from "./import.tsx";

const STATES = ["received", "approved", "reserved", "backordered", "in_wave", "picking", "picked", "packed", "shipped", "cancelled"];

function Row({ row }: { row: OrderRow }): JSX.Element {
  const open = (): void => go(`/orders?order=${row.id}`);
  return (
    <tr data-open onClick={open}>
      <td><a href={`/orders?order=${row.id}`} onClick={(event) => { event.preventDefault(); event.stopPropagation(); open(); }}>{row.number}</a><br /><small>{row.shop} · {row.external_no}</small></td>
      <td>{word("order_state", row.state)}{row.wait_reason && <><br /><small>{word("wait", row.wait_reason)}</small></>}</td>
      <td>{row.holds.map((hold) => <span class="chip stop" key={hold}><Icon name="stop" size={16} />{word("hold", hold)}</span>)}</td>
      <td>{row.carrier}</td>
      <td class="n">{row.line_count} / {row.units}</td>
      <td>{dayClock(row.cut_off_at)}</td>
    </tr>
  );
}

function OrderList(): JSX.Element {
  const state = useSignal("");
  const held = useSignal(false);
  const text = useSignal("");
  const cursor = useSignal<string | null>(null);
  const id = warehouse.value?.id;
  const page = useLoaded(() => get<Page<OrderRow>>("/api/orders", { warehouse_id: id, state: state.value, text: text.value, held: held.value || undefined, cursor: cursor.value }), [id, state.value, text.value, held.value, cursor.value]);
  useEffect(() => onScan((code) => { text.value = code; cursor.value = null; }), []);
  return (
    <section class="card">
      <form class="row" onSubmit={(event) => { event.preventDefault(); cursor.value = null; text.value = (new FormData(event.currentTarget).get("text") as string).trim(); }}>
        <input name="text" type="search" placeholder={t("order.find")} aria-label={t("order.find")} value={text.value} />
        <select aria-label={t("order.state")} onChange={(event) => { state.value = event.currentTarget.value; cursor.value = null; }}>
          <option value="">{t("ui.all")}</option>
          {STATES.map((one) => <option key={one} value={one}>{word("order_state", one)}</option>)}
        </select>
        <label class="row"><input type="checkbox" checked={held.value} onChange={(event) => { held.value = event.currentTarget.checked; cursor.value = null; }} />{t("order.only_held")}</label>
        <Button type="submit">{t("ui.search")}</Button>
      </form>
      <Loaded of={page}>
        {(found) => (
          <>
            <Table heads={[{ label: t("order.number") }, { label: t("order.state") }, { label: t("order.holds") }, { label: t("order.carrier") }, { label: t("order.lines_units"), n: true }, { label: t("order.cut_off") }]}>{found.items.map((row) => <Row key={row.id} row={row} />)}</Table>
            {found.items.length === 0 && <p class="hint">{t("ui.none")}</p>}
            {found.next && <Button onClick={() => { cursor.value = found.next; }}>{t("ui.more_rows")}</Button>}
          </>
        )}
      </Loaded>
    </section>
  );
}

export function OrdersScreen(): JSX.Element {
  const order = Number(query.value.get("order"));
  const importing = query.value.has("import");
  return (
    <main class="page">
      <Top title={t("nav.orders")} />
      <div class="row">
        {(order > 0 || importing) && <Button kind="quiet" icon="back" onClick={() => go("/orders")}>{t("ui.back")}</Button>}
        {!importing && may("import_orders") && <Button icon="order" onClick={() => go("/orders?import")}>{t("order.import")}</Button>}
      </div>
      {importing ? <ImportOrders /> : order > 0 ? <OrderDetail id={order} /> : <OrderList />}
    </main>
  );
}
