import { useSignal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import { send } from "../../api/client.ts";
import type { WaveStrategy } from "../../api/types.ts";
import { t, word } from "../../i18n/index.ts";
import { Button, Field, Sheet, Trouble } from "../../ui/parts.tsx";
import { warehouse } from "../session/store.ts";

type Kind = "text" | "list" | "number" | "required" | "check" | "choice" | "many";
interface Column { name: keyof WaveStrategy; kind: Kind; of?: string[]; group?: string; head?: string }

/** The record as it is edited: one line a field, in the order of a manager's questions. */
const COLUMNS: Column[] = [
  { name: "name", kind: "text", head: "strategy.head_name" },
  { name: "enabled", kind: "check" },
  { name: "priority", kind: "required" },
  { name: "shops", kind: "list", head: "strategy.head_orders" },
  { name: "carriers", kind: "list" },
  { name: "zones", kind: "list" },
  { name: "tags", kind: "list" },
  { name: "lines_min", kind: "number" },
  { name: "lines_max", kind: "number" },
  { name: "units_min", kind: "number" },
  { name: "units_max", kind: "number" },
  { name: "weight_min_g", kind: "number" },
  { name: "weight_max_g", kind: "number" },
  { name: "deadline_within_s", kind: "number" },
  { name: "lanes", kind: "many", of: ["single", "hot", "multi"], group: "lane" },
  { name: "hot_orders", kind: "number" },
  { name: "group_by", kind: "many", of: ["carrier", "same_sku", "same_content", "zone"], group: "group_by" },
  { name: "pick_mode", head: "strategy.head_how", kind: "choice", of: ["cluster", "discrete"], group: "pick_mode" },
  { name: "scan_mode", kind: "choice", of: ["quantity", "each"], group: "scan_mode" },
  { name: "print_timing", kind: "choice", of: ["none", "on_claim", "after_pick"], group: "print_timing" },
  { name: "min_orders", kind: "number", head: "strategy.head_size" },
  { name: "max_orders", kind: "number" },
  { name: "min_wave_units", kind: "number" },
  { name: "max_wave_units", kind: "number" },
  { name: "max_wave_weight_g", kind: "number" },
  { name: "max_wave_volume_mm3", kind: "number" },
  { name: "cart_totes", kind: "required", head: "strategy.head_cart" },
  { name: "cart_units", kind: "number" },
  { name: "cart_lines", kind: "number" },
  { name: "cart_weight_g", kind: "number" },
  { name: "cart_volume_mm3", kind: "number" },
  { name: "trigger", head: "strategy.head_when", kind: "choice", of: ["manual", "time", "count", "both"], group: "trigger" },
  { name: "trigger_times", kind: "list" },
  { name: "trigger_count", kind: "number" },
  { name: "plan_seconds", kind: "required" },
];
const SECTIONS: Column[][] = COLUMNS.reduce<Column[][]>((all, column) => (column.head ? [...all, [column]] : [...all.slice(0, -1), [...all.at(-1)!, column]]), []);
const FRESH: Partial<WaveStrategy> = { enabled: true, priority: 50, cart_totes: 12, plan_seconds: 10, pick_mode: "cluster", scan_mode: "quantity", print_timing: "none", trigger: "manual", lanes: [], group_by: ["carrier"] };

function Input({ column, value }: { column: Column; value: unknown }): JSX.Element {
  const name = column.name;
  switch (column.kind) {
    case "check":
      return <input type="checkbox" name={name} checked={value === true} />;
    case "choice":
      return <select name={name}>{column.of!.map((one) => <option key={one} value={one} selected={one === value}>{word(column.group!, one)}</option>)}</select>;
    case "many":
      return <span class="row">{column.of!.map((one) => <label class="row" key={one}><input type="checkbox" name={name} value={one} checked={Array.isArray(value) && value.includes(one)} />{word(column.group!, one)}</label>)}</span>;
    case "number":
    case "required":
      return <input type="number" min={0} name={name} required={column.kind === "required"} value={typeof value === "number" ? value : ""} />;
    case "list":
      return <input name={name} value={Array.isArray(value) ? value.join(", ") : ""} />;
    case "text":
      return <input name={name} required maxLength={80} value={typeof value === "string" ? value : ""} />;
  }
}

function read(form: FormData): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const { name, kind } of COLUMNS) {
    const raw = form.get(name);
    const text = typeof raw === "string" ? raw.trim() : "";
    if (kind === "check") out[name] = raw !== null;
    else if (kind === "many") out[name] = form.getAll(name);
    else if (kind === "list") out[name] = text.split(/[,，\s]+/).filter(Boolean);
    else if (kind === "number" || kind === "required") out[name] = text === "" ? null : Number(text);
    else out[name] = text;
  }
  return out;
}

export function StrategyForm({ of, onDone }: { of: WaveStrategy | "new"; onDone: () => void }): JSX.Element {
  const problem = useSignal<unknown>(null);
  const busy = useSignal(false);
  const values = (of === "new" ? FRESH : of) as Record<string, unknown>;
  const save = async (event: TargetedEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    busy.value = true;
    problem.value = null;
    const kept = of === "new" ? { warehouse_id: warehouse.value?.id } : { warehouse_id: of.warehouse_id, min_wave_weight_g: of.min_wave_weight_g, min_wave_volume_mm3: of.min_wave_volume_mm3 };
    const body = { ...kept, ...read(new FormData(event.currentTarget)) };
    const sent = of === "new" ? send("/api/waves/strategies", body) : send(`/api/waves/strategies/${of.id}`, body, "PUT");
    await sent.then(onDone, (error: unknown) => { problem.value = error; });
    busy.value = false;
  };
  return (
    <Sheet title={t(of === "new" ? "strategy.new" : "strategy.edit")} onClose={onDone} wide>
      <form class="stack" onSubmit={(event) => void save(event)}>
        {SECTIONS.map((section) => (
          <fieldset key={section[0]!.name} class="section">
            <legend>{t(section[0]!.head!)}</legend>
            {section.map((column) => <Field key={column.name} label={t(`strategy.${column.name}`)}><Input column={column} value={values[column.name]} /></Field>)}
          </fieldset>
        ))}
        <Trouble problem={problem.value} />
        <Button kind="main" big type="submit" disabled={busy.value}>{t("ui.save")}</Button>
      </form>
    </Sheet>
  );
}
