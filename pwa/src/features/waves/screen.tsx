import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get } from "../../api/client.ts";
import type { Page, WaveRow, WaveStrategy } from "../../api/types.ts";
import { dayClock, t, word } from "../../i18n/index.ts";
import { Button, Loaded, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { go, query } from "../../ui/router.tsx";
import { Top } from "../../ui/shell.tsx";
import { may, warehouse } from "../session/store.ts";
import { WaveDetail } from "./detail.tsx";
import { Preview } from "./preview.tsx";
import { StrategyForm } from "./strategy.tsx";

function Waves({ rows }: { rows: WaveRow[] }): JSX.Element {
  if (rows.length === 0) return <p class="hint">{t("ui.none")}</p>;
  return (
    <Table heads={[{ label: t("wave.number") }, { label: t("wave.state") }, { label: t("wave.orders"), n: true }, { label: t("wave.lines"), n: true }, { label: t("wave.due") }]}>
          {rows.map((row) => (
            <tr key={row.id} data-open onClick={() => go(`/waves?wave=${row.id}`)}>
              <td><a href={`/waves?wave=${row.id}`} onClick={(event) => { event.preventDefault(); event.stopPropagation(); go(`/waves?wave=${row.id}`); }}>{row.number}</a><br /><small>{row.strategy_name}</small></td>
              <td>{word("wave_state", row.state)}</td>
              <td class="n">{row.orders}</td>
              <td class="n">{row.lines}</td>
              <td>{dayClock(row.due_at)}</td>
            </tr>
          ))}
        </Table>
  );
}

function Strategies({ rows, onEdit }: { rows: WaveStrategy[]; onEdit: (row: WaveStrategy | "new") => void }): JSX.Element {
  return (
    <ul class="rows">
      {rows.map((row) => (
        <li class="task-row" key={row.id}>
          <div><b>{row.name}</b><span>{word("pick_mode", row.pick_mode)} · {t("strategy.cart", { n: row.cart_totes })} · {word("trigger", row.trigger)}{!row.enabled && ` · ${t("strategy.off")}`}</span></div>
          {may("release_waves") && <Button onClick={() => onEdit(row)}>{t("ui.edit")}</Button>}
          {may("release_waves") && <Button kind="main" onClick={() => go(`/waves?preview=${row.id}`)}>{t("wave.preview")}</Button>}
        </li>
      ))}
    </ul>
  );
}

function Overview(): JSX.Element {
  const id = warehouse.value?.id;
  const waves = useLoaded(() => get<Page<WaveRow>>("/api/waves", { warehouse_id: id }), [id]);
  const strategies = useLoaded(() => get<WaveStrategy[]>("/api/waves/strategies", { warehouse_id: id }), [id]);
  const editing = useSignal<WaveStrategy | "new" | null>(null);
  return (
    <div class="columns">
      <section class="card">
        <h2>{t("nav.waves")}</h2>
        <Loaded of={waves}>{(page) => <Waves rows={page.items} />}</Loaded>
      </section>
      <section class="card">
        <div class="row spread"><h2>{t("strategy.title")}</h2>{may("release_waves") && <Button onClick={() => { editing.value = "new"; }}>{t("strategy.new")}</Button>}</div>
        <Loaded of={strategies}>{(rows) => <Strategies rows={rows} onEdit={(row) => { editing.value = row; }} />}</Loaded>
      </section>
      {editing.value && <StrategyForm of={editing.value} onDone={() => { editing.value = null; strategies.again(); }} />}
    </div>
  );
}

export function WavesScreen(): JSX.Element {
  const wave = Number(query.value.get("wave"));
  const preview = Number(query.value.get("preview"));
  return (
    <main class="page">
      <Top title={t("nav.waves")} />
      {(wave > 0 || preview > 0) && <div class="row"><Button kind="quiet" icon="back" onClick={() => go("/waves")}>{t("ui.back")}</Button></div>}
      {wave > 0 ? <WaveDetail id={wave} /> : preview > 0 ? <Preview strategyId={preview} /> : <Overview />}
    </main>
  );
}
