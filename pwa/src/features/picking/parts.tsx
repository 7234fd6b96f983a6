import type { ComponentChildren, JSX } from "preact";
import { day, has, refusal, t, word } from "../../i18n/index.ts";
import type { PickLine, PickSku } from "../../api/types.ts";
import { ready } from "../../scanner/wedge.ts";
import { Icon, Slot } from "../../ui/icons.tsx";
import { counted, nextLine, type Expect, type LineExpect, type PickState } from "./expect.ts";
import { chosenQty } from "./machine.ts";
import { told } from "./store.ts";

/** The last word: colour, icon, one line of what happened and what to do. The key makes screen readers repeat it. */
export function Says(): JSX.Element {
  const last = told.value;
  if (!last) return <div class="says idle" role="status"><Icon name="scan" size={30} /><p>{t(ready.value ? "scan.ready" : "scan.not_ready")}</p></div>;
  const { code, facts } = last.message;
  const text = last.refused ? refusal(code, facts) : t(has(`pick.say.${code}`) ? `pick.say.${code}` : "pick.say.not_now", spoken(facts));
  return (
    <div class={`says ${last.tone}`} role="status" aria-live="assertive" key={last.n}>
      <Icon name={last.tone} size={34} />
      <p><b>{t(`tone.${last.tone}`)}</b>{" "}{text}</p>
    </div>
  );
}

/** A name as long as two lines of the box: what to do stands behind it and must stay in sight. */
const LONGEST_NAME = 44;

function shortened(name: string): string {
  let room = LONGEST_NAME;
  for (const [at, char] of [...name].entries()) {
    room -= char > "\u2e7f" ? 2 : 1;
    if (room < 0) return `${[...name].slice(0, at - 1).join("")}…`;
  }
  return name;
}

function spoken(facts: Record<string, unknown>): Record<string, unknown> {
  const out = { ...facts };
  if (typeof out.name === "string") out.name = shortened(out.name);
  if (typeof out.reason === "string") out.reason = word("hold", out.reason);
  if (typeof out.expiry_on === "string") out.expiry_on = day(out.expiry_on);
  return out;
}

function Picture({ sku }: { sku: PickSku }): JSX.Element {
  if (!sku.image_url) return <div class="picture none"><Icon name="stock" size={56} /></div>;
  return <img class="picture" src={sku.image_url} alt="" loading="eager" decoding="async" />;
}

function Goods({ sku, lot, hot = false }: { sku: PickSku; lot: PickLine["lot"]; hot?: boolean }): JSX.Element {
  return (
    <section class={`goods ${hot ? "hot" : ""}`}>
      <Picture sku={sku} />
      <div>
        <h2>{sku.name}</h2>
        <p class="code">{sku.code}</p>
        {lot && <p class="lot">{t("pick.lot", { lot: lot.code })}{lot.expiry_on && <> · {t("pick.expiry", { day: day(lot.expiry_on) })}</>}</p>}
        {sku.fragile && <p class="fragile"><Icon name="warn" size={22} />{t("pick.fragile")}</p>}
      </div>
    </section>
  );
}

function Bin({ code, detail, hot }: { code: string; detail?: string; hot: boolean }): JSX.Element {
  const size = code.length > 11 ? "long" : code.length > 8 ? "mid" : "";
  return (
    <section class={`bin ${hot ? "hot" : "proven"}`}>
      <span class="label"><Icon name={hot ? "bin" : "ok"} size={22} />{t("pick.bin")}{detail && <em>{detail}</em>}</span>
      <strong class={size} dir="ltr">{code}</strong>
    </section>
  );
}

function where(line: PickLine): string {
  const { zone, aisle, level } = line.location;
  return [zone, aisle && t("pick.aisle", { aisle }), level !== null && t("pick.level", { level })].filter(Boolean).join(" · ");
}

function Quantity({ qty, of, unit, hot, back = false }: { qty: number; of?: number; unit: string; hot: boolean; back?: boolean }): JSX.Element {
  return (
    <section class={`qty ${hot ? "hot" : ""}`}>
      <span class="label">{t(back ? "pick.put" : "pick.take")}</span>
      <strong>{of === undefined ? qty : t("pick.count_of", { n: qty, all: of })}<small>{word("unit", unit)}</small></strong>
    </section>
  );
}

function ToteBox({ now, hot }: { now: LineExpect; hot: boolean }): JSX.Element | null {
  if (!now.tote) return null;
  return (
    <section class={`tote ${hot ? "hot" : ""}`}>
      <Slot no={now.split.slot_no} size={hot ? 84 : 56} />
      <div>
        <span class="label">{t("pick.into_tote", { slot: now.split.slot_no })}</span>
        <strong dir="ltr">{now.tote.lpn ?? "–"}</strong>
      </div>
    </section>
  );
}

function Ask({ children }: { children: ComponentChildren }): JSX.Element {
  return <h1 class="ask"><Icon name="scan" size={30} />{children}</h1>;
}

function LineView({ state, now }: { state: PickState; now: LineExpect }): JSX.Element {
  const { line, step } = now;
  const each = state.task.scan_each && line.sku.serial_policy !== "strong";
  const next = nextLine(state);
  const walking = step === "location";
  return (
    <>
      <Ask>{t(`pick.ask.${step}`)}</Ask>
      <Bin code={line.location.code} detail={where(line)} hot={walking} />
      <div class="pair">
        {each && !walking ? <Quantity qty={counted(state.focus)} of={now.need} unit={line.sku.unit} hot={step === "each"} /> : <Quantity qty={walking ? now.need : chosenQty(state, now) || now.need} unit={line.sku.unit} hot={step === "qty" || step === "tote"} />}
        <ToteBox now={now} hot={step === "tote"} />
      </div>
      <Goods sku={line.sku} lot={line.lot} hot={step === "sku" || step === "each" || step === "lot" || step === "serial"} />
      {next && next.id !== line.id && <p class="next-bin"><Icon name="next" size={22} />{t("pick.next_bin")} <b dir="ltr">{next.location.code}</b></p>}
    </>
  );
}

export function StepView({ state, now }: { state: PickState; now: Expect }): JSX.Element {
  switch (now.step) {
    case "bind":
      return (
        <div class="step">
          <Ask>{t("pick.ask.bind", { slot: now.tote.slot_no })}</Ask>
          <section class="bind"><Slot no={now.tote.slot_no} size={150} /><p>{t("pick.order", { order: now.tote.order_number })}</p></section>
        </div>
      );
    case "put_location":
    case "put_sku":
    case "put_qty": {
      const from = state.task.totes.find((tote) => tote.order_id === now.put.order_id);
      return (
        <div class="step">
          <Ask>{t(`pick.ask.${now.step}`)}</Ask>
          <Bin code={now.put.location_code} hot={now.step === "put_location"} />
          <div class="pair"><Quantity qty={state.focus.put?.qty ?? now.put.qty} unit={now.sku?.unit ?? ""} hot={now.step === "put_qty"} back />{from && <section class="tote"><Slot no={from.slot_no} /><div><span class="label">{t("pick.out_of_tote", { slot: from.slot_no })}</span><strong dir="ltr">{from.lpn ?? "–"}</strong></div></section>}</div>
          {now.sku && <Goods sku={now.sku} lot={now.line?.lot ?? null} hot={now.step === "put_sku"} />}
          <p class="next-bin"><Icon name="stop" size={22} />{t("pick.put_back_why", { order: now.put.order_number })}</p>
        </div>
      );
    }
    case "finish":
    case "over":
    case "suspended":
    case "not_mine":
      return (
        <div class="step whole">
          <Icon name={now.step === "not_mine" ? "stop" : now.step === "suspended" ? "pause" : "ok"} size={120} />
          <h1>{t(`pick.ask.${now.step === "over" && state.task.state === "cancelled" ? "cancelled" : now.step}`)}</h1>
          {now.step === "finish" && <p>{t("pick.bring", { n: state.task.totes.length })}</p>}
        </div>
      );
    default:
      return <div class="step"><LineView state={state} now={now} /></div>;
  }
}
