import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";

/** A screen loaded when it is first shown. Without network it comes from the service worker's shell. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  let Loaded: ComponentType | null = null;
  return function Lazy(): JSX.Element {
    const [state, set] = useState<"wait" | "here" | "failed">(Loaded ? "here" : "wait");
    useEffect(() => {
      if (Loaded) return;
      load().then((screen) => { Loaded = screen; set("here"); }, () => set("failed"));
    }, []);
    if (state === "here" && Loaded) return <Loaded />;
    if (state === "failed") return <p class="note stop" role="alert">{t("ui.screen_failed")}</p>;
    return <p class="wait">{t("ui.loading")}</p>;
  };
}
