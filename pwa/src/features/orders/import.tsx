import { useSignal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { get, send } from "../../api/client.ts";
import type { ImportProblem, ImportReport, OrderImport, Page } from "../../api/types.ts";
import { has, refusal, t, word } from "../../i18n/index.ts";
import { Button, Field, Note, Trouble } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { warehouse } from "../session/store.ts";

function Problems({ rows }: { rows: ImportProblem[] }): JSX.Element {
  return (
    <Table heads={[{ label: t("import.row"), n: true }, { label: t("import.field") }, { label: t("import.what") }]}>{rows.map((row, at) => <tr key={at}><td class="n">{row.row_no}</td><td>{row.external_no}</td><td class="wide">{has(`problem.${row.code}`) ? t(`problem.${row.code}`, row.facts) : refusal(row.code, row.facts)}</td></tr>)}</Table>
  );
}

/** A file goes in whole; what could not be taken comes back row by row. The same file again changes nothing. */
export function ImportOrders(): JSX.Element {
  const busy = useSignal(false);
  const problem = useSignal<unknown>(null);
  const report = useSignal<OrderImport | null>(null);
  const rows = useSignal<ImportProblem[]>([]);
  const here = useRef(true);
  useEffect(() => () => { here.current = false; }, []);

  const follow = async (id: number): Promise<void> => {
    report.value = await get<OrderImport>(`/api/orders/imports/${id}`);
    while (report.value.state === "running" && here.current) {
      await new Promise((done) => setTimeout(done, 1000));
      report.value = await get<OrderImport>(`/api/orders/imports/${id}`);
    }
    if (report.value.problems > 0) rows.value = (await get<Page<ImportProblem>>(`/api/orders/imports/${id}/problems`, { limit: 200 })).items;
  };
  const upload = async (event: TargetedEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    form.set("warehouse_id", String(warehouse.value?.id ?? ""));
    busy.value = true;
    problem.value = null;
    rows.value = [];
    try {
      await follow((await send<ImportReport>("/api/orders/import-file", form)).import_id);
    } catch (error) {
      problem.value = error;
    }
    busy.value = false;
  };

  const of = report.value;
  return (
    <section class="card stack">
      <h2>{t("order.import")}</h2>
      <p>{t("import.hint")}</p>
      <form class="stack" onSubmit={(event) => void upload(event)}>
        <Field label={t("import.shop")} hint={t("import.shop_hint")}><input name="shop" maxLength={40} pattern="[\p{L}\p{N}_.]*" title={t("import.shop_hint")} /></Field>
        <Field label={t("import.file")}><input type="file" name="file" accept=".csv,.xlsx,.json,text/csv" required /></Field>
        <label class="row"><input type="checkbox" name="create_skus" value="true" />{t("import.create_skus")}</label>
        <Button kind="main" big type="submit" disabled={busy.value}>{t(busy.value ? "ui.loading" : "import.start")}</Button>
      </form>
      <Trouble problem={problem.value} />
      {of && <Note tone={of.problems > 0 || of.refused > 0 ? "warn" : "ok"} live>{t("import.sum", { state: word("import_state", of.state), rows: of.rows, created: of.created, updated: of.updated, unchanged: of.unchanged, held: of.held, refused: of.refused })}</Note>}
      {rows.value.length > 0 && <Problems rows={rows.value} />}
    </section>
  );
}
