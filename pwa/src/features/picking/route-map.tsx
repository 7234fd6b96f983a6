import type { JSX } from "preact";
import { metres, t } from "../../i18n/index.ts";
import { Note, Sheet } from "../../ui/parts.tsx";
import type { Expect, PickState } from "./expect.ts";
import { workOrder } from "./reorder.ts";

/** The walk on one floor: where I am (square), the next stop (big ring), what is left (dots), what is done (hollow). */
export function RouteMap({ state, now, onClose }: { state: PickState; now: Expect; onClose: () => void }): JSX.Element {
  const { task } = state;
  const next = "split" in now ? now.line.location : (workOrder(task)[0]?.location ?? null);
  const floor = next?.floor ?? task.here?.floor ?? 0;
  const route = task.route.filter((point) => point[2] === floor);
  const stops = task.lines.filter((line) => line.location.floor === floor);
  // Before the first pick the walk begins where the route does.
  const from = task.here ?? (task.route[0] ? { x_mm: task.route[0][0], y_mm: task.route[0][1], floor: task.route[0][2] } : null);
  const here = from?.floor === floor ? from : null;
  const xs = [...route.map((point) => point[0]), ...stops.map((line) => line.location.x_mm)];
  const ys = [...route.map((point) => point[1]), ...stops.map((line) => line.location.y_mm)];
  if (xs.length === 0) return <Sheet title={t("pick.map")} onClose={onClose}><Note tone="info">{t("pick.no_map")}</Note></Sheet>;
  const left = Math.min(...xs);
  const bottom = Math.min(...ys);
  const wide = Math.max(...xs) - left || 1000;
  const high = Math.max(...ys) - bottom || 1000;
  const unit = Math.max(wide, high) / 100;
  const y = (mm: number): number => bottom + high - mm + bottom;
  const label = next?.code ?? "";
  // Room for the ring, and above the highest stop for its label.
  const side = 8 * unit;
  const above = 13 * unit;
  const box = [left - side, bottom - above, wide + 2 * side, high + above + side].join(" ");
  const half = label.length * 2.1 * unit;
  const labelX = next ? Math.min(Math.max(next.x_mm, left - side + half), left + wide + side - half) : 0;
  return (
    <Sheet title={t("pick.map")} onClose={onClose}>
      <p class="hint">{t("pick.map_hint", { metres: metres(task.route_mm), floor })}</p>
      <svg class="route" viewBox={box} role="img" aria-label={t("pick.map_label", { bin: label })}>
        <polyline points={route.map((point) => `${point[0]},${y(point[1])}`).join(" ")} fill="none" stroke="#5b7a80" stroke-width={1.1 * unit} stroke-linejoin="round" />
        {stops.map((line) => {
          const done = line.state === "picked" || line.state === "short";
          return <circle key={line.id} cx={line.location.x_mm} cy={y(line.location.y_mm)} r={1.5 * unit} fill={done ? "#fff" : "#06363f"} stroke="#06363f" stroke-width={0.5 * unit} />;
        })}
        {next && <circle cx={next.x_mm} cy={y(next.y_mm)} r={3.6 * unit} fill="none" stroke="#b3261e" stroke-width={1.3 * unit} />}
        {next && <text x={labelX} y={y(next.y_mm) - 6 * unit} text-anchor="middle" font-size={6 * unit} font-weight="800" fill="#b3261e" stroke="#f4f8f8" stroke-width={1.2 * unit} paint-order="stroke">{label}</text>}
        {here && <rect x={here.x_mm - 2 * unit} y={y(here.y_mm) - 2 * unit} width={4 * unit} height={4 * unit} fill="#0b4fc4" stroke="#fff" stroke-width={0.6 * unit} />}
      </svg>
    </Sheet>
  );
}
