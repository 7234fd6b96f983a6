import "./map.css";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get, send } from "../../api/client.ts";
import type { BoardOut, MapAisle, MapOut } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Button, Loaded, Note, Sheet, Trouble, useLoaded } from "../../ui/parts.tsx";
import { go } from "../../ui/router.tsx";
import { Top } from "../../ui/shell.tsx";
import { may, warehouse } from "../session/store.ts";
import { binsOf, facesOf, frameOf, type Bin, type Face, type Frame } from "./rules.ts";

const ZOOMS = [1, 2, 4, 8];
const ZONES = ["#0e7c86", "#7a3db8", "#8a4b00", "#0b4fc4", "#0a6b3d", "#a61b29"];

function Aisle({ aisle, y, unit, onOpen }: { aisle: MapAisle; y: (mm: number) => number; unit: number; onOpen: () => void }): JSX.Element {
  const blocked = aisle.blocked;
  const arrow = aisle.direction === "up" ? "↑" : aisle.direction === "down" ? "↓" : "";
  return (
    <g onClick={onOpen} role="button" tabIndex={0} aria-label={t(blocked ? "map.aisle_blocked" : "map.aisle", { code: aisle.code })} onKeyDown={(event) => { if (event.key === "Enter") onOpen(); }} style={{ cursor: "pointer" }}>
      <line x1={aisle.x_mm} x2={aisle.x_mm} y1={y(aisle.y_from_mm)} y2={y(aisle.y_to_mm)} stroke="transparent" stroke-width={unit * 9} />
      <line x1={aisle.x_mm} x2={aisle.x_mm} y1={y(aisle.y_from_mm)} y2={y(aisle.y_to_mm)} stroke={blocked ? "#a5121e" : "#cbd9dc"} stroke-width={unit * 3} stroke-dasharray={blocked ? `${unit * 3} ${unit * 2}` : undefined} />
      {aisle.stretches.map(([from, to]) => <line key={from} x1={aisle.x_mm} x2={aisle.x_mm} y1={y(from)} y2={y(to)} stroke="#a5121e" stroke-width={unit * 3} stroke-dasharray={`${unit * 2} ${unit}`} />)}
      <text x={aisle.x_mm} y={y(aisle.y_from_mm) + unit * 6} text-anchor="middle" font-size={unit * 5} font-weight="700" fill={blocked ? "#a5121e" : "#06363f"}>{aisle.code}{arrow}{blocked ? " ✕" : ""}</text>
    </g>
  );
}

function FaceBox({ face, y, unit, colour, onOpen }: { face: Face; y: (mm: number) => number; unit: number; colour: string; onOpen: () => void }): JSX.Element {
  const shift = face.side === "L" || face.side === "left" ? -unit * 3.4 : unit * 1.4;
  return <rect x={face.x + shift} y={y(face.y) - unit} width={unit * 2} height={unit * 2} fill={face.blocked ? "#fff" : colour} stroke={face.blocked ? "#a5121e" : "none"} stroke-width={unit * 0.4} onClick={onOpen} style={{ cursor: "pointer" }}><title>{face.bins.map((bin) => bin.code).join(" ")}</title></rect>;
}

function Plan({ map, floor, people, onAisle, onFace }: { map: MapOut; floor: number; people: BoardOut["pickers"]; onAisle: (aisle: MapAisle) => void; onFace: (face: Face) => void }): JSX.Element {
  const bins = binsOf(map, floor);
  const faces = facesOf(bins);
  const aisles = map.aisles.filter((aisle) => aisle.floor === floor);
  const frame: Frame = frameOf([...faces, ...aisles.flatMap((aisle) => [{ x: aisle.x_mm, y: aisle.y_from_mm }, { x: aisle.x_mm, y: aisle.y_to_mm }])]);
  const y = (mm: number): number => frame.top * 2 + frame.height - mm;
  const colour = (face: Face): string => ZONES[Math.max(0, map.zones.findIndex((zone) => zone.id === face.bins[0]?.zone_id)) % ZONES.length]!;
  const place = new Map(bins.map((bin) => [bin.code, bin]));
  return (
    <svg viewBox={`${frame.left} ${frame.top} ${frame.width} ${frame.height}`} role="group" aria-label={t("map.label", { name: map.warehouse.name, floor })}>
      {map.cross_aisles.filter((one) => one.floor === floor).map((one) => <line key={one.y_mm} x1={frame.left} x2={frame.left + frame.width} y1={y(one.y_mm)} y2={y(one.y_mm)} stroke="#e1eaec" stroke-width={frame.unit * 3} />)}
      {aisles.map((aisle) => <Aisle key={aisle.id} aisle={aisle} y={y} unit={frame.unit} onOpen={() => onAisle(aisle)} />)}
      {faces.map((face) => <FaceBox key={face.key} face={face} y={y} unit={frame.unit} colour={colour(face)} onOpen={() => onFace(face)} />)}
      {map.lifts.filter((lift) => lift.floor_from <= floor && lift.floor_to >= floor).map((lift) => <rect key={`${lift.x_mm}/${lift.y_mm}`} x={lift.x_mm - frame.unit * 2} y={y(lift.y_mm) - frame.unit * 2} width={frame.unit * 4} height={frame.unit * 4} fill="none" stroke="#06363f" stroke-width={frame.unit * 0.6} />)}
      {people.map((one) => {
        const bin = one.location_code ? place.get(one.location_code) : undefined;
        return bin && <g key={one.user_id}><circle cx={bin.x} cy={y(bin.y)} r={frame.unit * 2.4} fill="#ffb000" stroke="#06363f" stroke-width={frame.unit * 0.5} /><text x={bin.x + frame.unit * 3.4} y={y(bin.y) + frame.unit * 1.6} font-size={frame.unit * 4.6} font-weight="700">{one.name}</text></g>;
      })}
    </svg>
  );
}

function BinButton({ bin }: { bin: Bin }): JSX.Element {
  return <Button onClick={() => go(`/stock?text=${encodeURIComponent(bin.code)}`)}>{bin.code} · {t("pick.level", { level: bin.level })}{bin.blocked ? ` · ${t("stock.blocked")}` : ""}</Button>;
}

/** On a phone a bin is too small for a finger: its aisle is not. */
function AisleSheet({ aisle, bins, onDone }: { aisle: MapAisle; bins: Bin[]; onDone: (changed: boolean) => void }): JSX.Element {
  const problem = useSignal<unknown>(null);
  const shut = aisle.blocked || aisle.stretches.length > 0;
  const run = async (): Promise<void> => {
    await send(`/api/layout/aisles/${aisle.id}/${shut ? "unblock" : "block"}`, {}).then(() => onDone(true), (error: unknown) => { problem.value = error; });
  };
  return (
    <Sheet title={t(shut ? "map.aisle_blocked" : "map.aisle", { code: aisle.code })} onClose={() => onDone(false)}>
      <p>{t("map.block_hint")}</p>
      <Trouble problem={problem.value} />
      {may("supervise") ? <Button kind={shut ? "main" : "stop"} big icon={shut ? "ok" : "stop"} onClick={() => void run()}>{t(shut ? "map.unblock" : "map.block")}</Button> : <Note tone="info">{t("map.not_allowed")}</Note>}
      <h3>{t("map.bins_here")}</h3>
      <div class="stack">{bins.map((bin) => <BinButton key={bin.id} bin={bin} />)}</div>
    </Sheet>
  );
}

export function MapScreen(): JSX.Element {
  const id = warehouse.value?.id;
  const map = useLoaded(() => get<MapOut>(`/api/layout/warehouses/${id}/map`), [id]);
  const board = useLoaded(async () => (may("supervise") ? await get<BoardOut>("/api/board", { warehouse_id: id }) : null), [id]);
  const floor = useSignal<number | null>(null);
  const aisle = useSignal<MapAisle | null>(null);
  const face = useSignal<Face | null>(null);
  const zoom = useSignal(1);
  return (
    <main class="page">
      <Top title={t("nav.map")} />
      <Loaded of={map}>
        {(found) => (
          <>
            {found.floors.length > 1 && <div class="row" role="group" aria-label={t("map.floors")}>{found.floors.map((one) => <Button key={one} kind={(floor.value ?? found.floors[0]) === one ? "main" : "plain"} onClick={() => { floor.value = one; }}>{t("map.floor", { n: one })}</Button>)}</div>}
            <ul class="row plain">{found.zones.map((zone, at) => <li class="row" key={zone.id}><svg width="18" height="18" aria-hidden="true"><rect width="18" height="18" fill={ZONES[at % ZONES.length]} /></svg>{zone.name} · {zone.code}</li>)}</ul>
            <div class="row" role="group" aria-label={t("map.zoom")}>
              <Button disabled={zoom.value === ZOOMS[0]} onClick={() => { zoom.value = ZOOMS[ZOOMS.indexOf(zoom.value) - 1]!; }}>{t("map.zoom_out")}</Button>
              <Button disabled={zoom.value === ZOOMS.at(-1)} onClick={() => { zoom.value = ZOOMS[ZOOMS.indexOf(zoom.value) + 1]!; }}>{t("map.zoom_in")}</Button>
            </div>
            <div class="plan" style={{ "--zoom": zoom.value }}><Plan map={found} floor={floor.value ?? found.floors[0] ?? 0} people={board.value?.pickers ?? []} onAisle={(one) => { aisle.value = one; }} onFace={(one) => { face.value = one; }} /></div>
            <p class="hint">{t("map.hint")}</p>
          </>
        )}
      </Loaded>
      {aisle.value && <AisleSheet aisle={aisle.value} bins={binsOf(map.value!, aisle.value.floor).filter((bin) => bin.aisle_id === aisle.value!.id).sort((a, b) => a.code.localeCompare(b.code))} onDone={(changed) => { aisle.value = null; if (changed) map.again(); }} />}
      {face.value && (
        <Sheet title={t("map.bins_here")} onClose={() => { face.value = null; }}>
          <div class="stack">{face.value.bins.map((bin) => <BinButton key={bin.id} bin={bin} />)}</div>
        </Sheet>
      )}
    </main>
  );
}
