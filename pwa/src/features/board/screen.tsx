import "./board.css";
import { computed, signal, type Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { BoardCutOff, BoardException, BoardOut, BoardPicker, BoardWave, Risk, Tone } from "../../api/types.ts";
import { ago, clock, dayClock, has, number, t, word } from "../../i18n/index.ts";
import { Icon } from "../../ui/icons.tsx";
import { Bar, Light, Trouble } from "../../ui/parts.tsx";
import { go, query } from "../../ui/router.tsx";
import { Top } from "../../ui/shell.tsx";
import { warehouse } from "../session/store.ts";
import { board, connection, now, pickers, problem, watchBoard, waves } from "./store.ts";

const RISK: Record<Risk, Tone> = { on_time: "ok", tight: "warn", late: "stop" };
/** What fits a 1080p wall in letters that are read from 5 m. */
const WALL_ROWS = { waves: 4, pickers: 9, cut_offs: 3, exceptions: 3 };
/** Seconds until the wall turns to the next ones, where not all fit. */
const WALL_TURN_S = 12;
const wideScreen = matchMedia("(min-width: 900px)");
const wide = signal(wideScreen.matches);
wideScreen.addEventListener("change", () => { wide.value = wideScreen.matches; });
const turn = computed(() => Math.floor(now.value / 1000 / WALL_TURN_S));

function WaveRow({ row }: { row: Signal<BoardWave> }): JSX.Element {
  const wave = row.value;
  return (
    <li class="wave-row">
      <div class="line"><b>{wave.number}</b><span class="when">{word("wave_state", wave.state)}{wave.due_at && ` · ${dayClock(wave.due_at)}`}</span></div>
      <Bar done={wave.lines_done} all={wave.lines} label={wave.number} />
      <div class="line"><span class="count">{t("board.lines", { done: wave.lines_done, all: wave.lines })}</span>{wave.lines_short > 0 && <span class="chip stop"><Icon name="short" size={16} />{t("board.short", { n: wave.lines_short })}</span>}</div>
    </li>
  );
}

function Seen({ at }: { at: string | null }): JSX.Element {
  const late = at !== null && now.value - Date.parse(at) > 300_000;
  return <span class={late ? "chip warn" : "seen"}>{late && <Icon name="warn" size={16} />}{ago(at, now.value)}</span>;
}

function PickerRow({ row, wall }: { row: Signal<BoardPicker>; wall: boolean }): JSX.Element {
  const one = row.value;
  return (
    <li class="picker-row">
      <b class="name">{one.name}</b>
      <span class="where" dir="ltr">{one.location_code ?? "–"}</span>
      <span class="pace">{t("board.pace", { n: number(one.lines_per_hour) })}</span>
      <span class="done">{wall ? t("pick.count_of", { n: one.lines_done, all: one.lines }) : t("board.lines", { done: one.lines_done, all: one.lines })}</span>
      <Seen at={one.last_scan_at} />
    </li>
  );
}

function CutOff({ row }: { row: BoardCutOff }): JSX.Element {
  const tone = RISK[row.risk];
  return (
    <li class="cut-row">
      <b class="at">{dayClock(row.cut_off_at, now.value)}</b>
      <span>{row.carrier ?? t("ui.all")}</span>
      <span>{t("board.orders_left", { n: row.orders - row.orders_done })}</span>
      <span class={`chip ${tone}`}><Icon name={tone} size={18} />{t(`board.risk.${row.risk}`)}{row.expected_at && ` · ${dayClock(row.expected_at, now.value)}`}</span>
    </li>
  );
}

function Exception({ row }: { row: BoardException }): JSX.Element {
  const key = `exception.${row.code}`;
  return <li class="exc-row"><Icon name="warn" size={20} /><span>{has(key) ? t(key, row.facts) : word("exception", row.code)}</span><small>{dayClock(row.at)}</small></li>;
}

function Hours({ of }: { of: BoardOut["rates"]["by_hour"] }): JSX.Element | null {
  if (of.length === 0) return null;
  const most = Math.max(1, ...of.map((one) => one.lines));
  return (
    <svg class="hours" viewBox={`0 0 ${of.length * 30} 60`} role="img" aria-label={t("board.per_hour")} preserveAspectRatio="xMidYMax meet">
      {of.map((one, at) => (
        <g key={one.hour} transform={`translate(${at * 30} 0)`}>
          <rect x="4" width="22" y={48 - (40 * one.lines) / most} height={(40 * one.lines) / most} fill="#0e7c86" rx="2" />
          <text x="15" y="58" text-anchor="middle" font-size="9">{clock(one.hour).slice(0, 2)}</text>
        </g>
      ))}
    </svg>
  );
}

function Panel({ title, icon, name, more = 0, empty, children }: { title: string; icon: string; name: string; more?: number; empty: string | null; children: ComponentChildren }): JSX.Element {
  return (
    <section class={`panel ${name}`}>
      <h2><Icon name={icon} />{title}{more > 0 && <small>{t("board.more", { n: more })}</small>}</h2>
      {empty ? <p class="hint">{empty}</p> : <ul>{children}</ul>}
    </section>
  );
}

function Numbers({ of, wall }: { of: BoardOut; wall: boolean }): JSX.Element {
  const { truth } = of.lights;
  return (
    <div class="numbers">
      <div><strong>{number(of.rates.lines_per_hour)}</strong><span>{t("board.rate")}</span></div>
      <div><strong>{number(of.rates.lines_today)}</strong><span>{t("board.today")}</span></div>
      <div class="lights">
        <Light state={connection.value} label={t(`board.connection.${connection.value}`)} detail={t("board.light.connection")} />
        <Light state={truth.state} label={t(`board.truth.${truth.state}`)} detail={wall ? t("board.light.truth") : `${t("board.light.truth")} ${clock(truth.checked_at)}`} />
      </div>
      <Hours of={of.rates.by_hour} />
    </div>
  );
}

/** On the wall: as many as fit, turning pages by the clock; `now` is only read where pages turn. */
function cut<Row>(rows: Row[], wall: boolean, most: number): { shown: Row[]; more: number } {
  if (!wall || rows.length <= most) return { shown: rows, more: 0 };
  const pages = Math.ceil(rows.length / most);
  const from = (Math.floor(turn.value) % pages) * most;
  const shown = rows.slice(from, from + most);
  return { shown, more: rows.length - shown.length };
}

function Panels({ of, wall }: { of: BoardOut; wall: boolean }): JSX.Element {
  // The wall has room for what goes on; finished waves are on the board of the desk.
  const running = waves.value.filter((row) => row.peek().state !== "done");
  const w = cut(wall && running.length > 0 ? running : waves.value, wall, WALL_ROWS.waves);
  const p = cut(pickers.value, wall, WALL_ROWS.pickers);
  const c = cut(of.cut_offs, wall, WALL_ROWS.cut_offs);
  const e = cut(of.exceptions, wall, WALL_ROWS.exceptions);
  return (
    <div class="panels">
      <Panel title={t("board.waves")} icon="wave" name="waves" more={w.more} empty={w.shown.length ? null : t("board.no_waves")}>{w.shown.map((row) => <WaveRow key={row.peek().id} row={row} />)}</Panel>
      <Panel title={t("board.pickers")} icon="people" name="pickers" more={p.more} empty={p.shown.length ? null : t("board.no_pickers")}>{p.shown.map((row) => <PickerRow key={row.peek().user_id} row={row} wall={wall} />)}</Panel>
      <Panel title={t("board.cut_offs")} icon="late" name="cut-offs" more={c.more} empty={c.shown.length ? null : t("board.no_cut_offs")}>{c.shown.map((row) => <CutOff key={`${row.cut_off_at}${row.carrier ?? ""}`} row={row} />)}</Panel>
      <Panel title={t("board.exceptions")} icon="warn" name="exceptions" more={e.more} empty={e.shown.length ? null : t("board.no_exceptions")}>{e.shown.map((row) => <Exception key={row.id} row={row} />)}</Panel>
    </div>
  );
}

export function BoardScreen(): JSX.Element {
  // A wall is made of large letters for a large screen; on a phone the plain board says more.
  const wall = query.value.get("wall") === "1" && wide.value;
  useEffect(watchBoard, [warehouse.value?.id]);
  const of = board.value;
  return (
    <main class={wall ? "board wall" : "board page"}>
      {wall ? (
        <header class="wall-top"><Icon name="wave" size={56} /><h1>{warehouse.value?.name}</h1><time>{clock(new Date(now.value).toISOString())}</time><button type="button" onClick={() => go("/board")}>{t("board.wall_off")}</button></header>
      ) : (
        <><Top title={t("board.title")} />{wide.value && <div class="row"><button type="button" class="button wall-button" onClick={() => { go("/board?wall=1"); void document.documentElement.requestFullscreen?.().catch(() => undefined); }}><Icon name="board" /><span>{t("board.wall")}</span></button></div>}</>
      )}
      <Trouble problem={problem.value} />
      {of ? <><Numbers of={of} wall={wall} /><Panels of={of} wall={wall} /></> : !problem.value && <p class="wait">{t("ui.loading")}</p>}
    </main>
  );
}
