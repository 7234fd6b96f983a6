import "./ui/base.css";
import { render, type ComponentType, type JSX } from "preact";
import { commands, loginWanted, startQueue } from "./queue/index.ts";
import { recall } from "./queue/store.ts";
import { AttentionScreen } from "./features/attention/screen.tsx";
import { HomeScreen } from "./features/home/screen.tsx";
import { PickScreen } from "./features/picking/screen.tsx";
import { startPicking } from "./features/picking/store.ts";
import { LoginScreen } from "./features/session/screen.tsx";
import { restore, restored, session } from "./features/session/store.ts";
import { firstLanguage, t, useLanguage } from "./i18n/index.ts";
import { startKeys } from "./scanner/keys.ts";
import { guardMs, startWedge } from "./scanner/wedge.ts";
import { lazy } from "./ui/lazy.tsx";
import { Note } from "./ui/parts.tsx";
import { go, path } from "./ui/router.tsx";
import { startTones } from "./ui/tones.ts";

/** The picker's screens are here at once; everything of a desk is loaded when asked for. */
const SCREENS: Record<string, ComponentType> = {
  "/": HomeScreen,
  "/pick": PickScreen,
  "/attention": AttentionScreen,
  "/device": lazy(async () => (await import("./features/device/screen.tsx")).DeviceScreen),
  "/board": lazy(async () => (await import("./features/board/screen.tsx")).BoardScreen),
  "/waves": lazy(async () => (await import("./features/waves/screen.tsx")).WavesScreen),
  "/orders": lazy(async () => (await import("./features/orders/screen.tsx")).OrdersScreen),
  "/map": lazy(async () => (await import("./features/map/screen.tsx")).MapScreen),
  "/stock": lazy(async () => (await import("./features/stock/screen.tsx")).StockScreen),
  "/people": lazy(async () => (await import("./features/people/screen.tsx")).PeopleScreen),
};

function Missing(): JSX.Element {
  return <main class="page"><Note tone="warn">{t("ui.no_such_page")}</Note><a class="button main" href="/" onClick={(event) => { event.preventDefault(); go("/"); }}>{t("nav.home")}</a></main>;
}

function App(): JSX.Element | null {
  if (!restored.value) return null;
  const Device = SCREENS["/device"]!;
  if (!session.value || loginWanted.value) return path.value === "/device" ? <Device /> : <LoginScreen />;
  const Screen = SCREENS[path.value] ?? Missing;
  return <Screen />;
}

async function boot(): Promise<void> {
  await useLanguage(firstLanguage(), new URLSearchParams(location.search).has("lang"));
  void recall<number>("guard_ms").then((kept) => { if (kept !== undefined) guardMs.value = kept; });
  startTones();
  startKeys();
  startPicking();
  startQueue(() => session.value?.user.id ?? null);
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  startWedge();
  await restore();
  void import("./realtime/news.ts").then((news) => news.startNews());
  if ("serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register("/sw.js");
  addEventListener("beforeunload", (event) => {
    // Deeds are safe on the disk; a person who closes the tab should still know that some have not been sent.
    if (commands.peek().some((one) => one.state === "waiting" && one.tries > 3)) event.preventDefault();
  });
}

void boot();
