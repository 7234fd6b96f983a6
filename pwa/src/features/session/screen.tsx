import { useSignal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import { useEffect } from "preact/hooks";
import { LANGUAGES } from "../../i18n/languages.ts";
import { language, t, useLanguage } from "../../i18n/index.ts";
import { readBadge, scannedBadge } from "../../rules/barcode.ts";
import { onScan, ready } from "../../scanner/wedge.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Field, Note, NumberPad, padded, Trouble } from "../../ui/parts.tsx";
import { Link } from "../../ui/router.tsx";
import { sound } from "../../ui/tones.ts";
import { commands } from "../../queue/index.ts";
import { CameraButton } from "../../scanner/camera-button.tsx";
import { badgeLogin, passwordLogin } from "./store.ts";

export function LanguageSwitch(): JSX.Element {
  return (
    <div class="languages" role="group" aria-label={t("login.language")}>
      {LANGUAGES.map((one) => (
        <button type="button" key={one.code} lang={one.code} aria-pressed={language.value.code === one.code} onClick={() => void useLanguage(one.code)}>{one.name}</button>
      ))}
    </div>
  );
}

/** Two parts of one badge are no further apart than this; a person who scans again takes longer. */
const JOIN_MS = 1500;

/** A wrong try counts against its owner, so that nothing but a whole badge is one. */
function BadgeLogin(): JSX.Element {
  const badge = useSignal("");
  const pin = useSignal("");
  const busy = useSignal(false);
  const problem = useSignal<unknown>(null);

  const cut = useSignal(false);
  useEffect(() => {
    let before = { text: "", at: 0 };
    return onScan((text) => {
      const now = performance.now();
      const whole = scannedBadge(text, now - before.at < JOIN_MS ? before.text : "");
      before = { text, at: now };
      cut.value = whole === null;
      sound(whole ? "ok" : "warn");
      if (!whole) return;
      badge.value = whole;
      problem.value = null;
    });
  }, []);

  const enter = async (): Promise<void> => {
    if (busy.value || !badge.value || pin.value.length < 4) return;
    busy.value = true;
    problem.value = null;
    try {
      await badgeLogin(badge.value, pin.value);
      sound("ok");
    } catch (error) {
      problem.value = error;
      pin.value = "";
      sound("stop");
    } finally {
      busy.value = false;
    }
  };

  if (!badge.value) {
    return (
      <section class="login-step">
        <Icon name="badge" size={88} />
        <h1>{t("login.scan_badge")}</h1>
        {cut.value ? <Note tone="warn" live>{t("login.badge_cut")}</Note> : <p class="hint">{t(ready.value ? "scan.ready" : "scan.not_ready")}</p>}
        <CameraButton />
        <form class="row" onSubmit={(event) => { event.preventDefault(); cut.value = false; badge.value = readBadge(new FormData(event.currentTarget).get("badge") as string); }}>
          <input name="badge" aria-label={t("login.badge_by_hand")} placeholder={t("login.badge_by_hand")} autocomplete="off" required />
          <Button type="submit">{t("ui.next")}</Button>
        </form>
      </section>
    );
  }
  return (
    <section class="login-step">
      <h1>{t("login.pin")}</h1>
      <p class="pin" aria-label={t("login.pin_digits", { n: pin.value.length })}>{"●".repeat(pin.value.length) || "–"}</p>
      {cut.value && <Note tone="warn" live>{t("login.badge_cut")}</Note>}
      <Trouble problem={problem.value} />
      <NumberPad onKey={(key) => { pin.value = padded(pin.value, key); cut.value = false; }} />
      <Button kind="main" big icon="ok" disabled={busy.value || pin.value.length < 4} onClick={() => void enter()}>{t("login.enter")}</Button>
      <Button kind="quiet" onClick={() => { badge.value = ""; pin.value = ""; problem.value = null; cut.value = false; }}>{t("login.other_badge")}</Button>
    </section>
  );
}

function PasswordLogin(): JSX.Element {
  const busy = useSignal(false);
  const problem = useSignal<unknown>(null);
  const enter = async (event: TargetedEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    busy.value = true;
    problem.value = null;
    await passwordLogin(form.get("login") as string, form.get("password") as string).catch((error: unknown) => { problem.value = error; });
    busy.value = false;
  };
  return (
    <form class="login-step" onSubmit={(event) => void enter(event)}>
      <h1>{t("login.desk")}</h1>
      <Field label={t("login.login")}><input name="login" autocomplete="username" autofocus data-plain required /></Field>
      <Field label={t("login.password")}><input name="password" type="password" autocomplete="current-password" data-plain required /></Field>
      <Trouble problem={problem.value} />
      <Button kind="main" big type="submit" disabled={busy.value}>{t("login.enter")}</Button>
    </form>
  );
}

export function LoginScreen(): JSX.Element {
  const desk = useSignal(matchMedia("(min-width: 900px) and (pointer: fine)").matches);
  const waiting = commands.value.filter((one) => one.state === "waiting").length;
  return (
    <main class="login">
      <header>
        <span class="brand"><Icon name="wave" size={32} />{t("app.name")}</span>
        <LanguageSwitch />
      </header>
      {waiting > 0 && <Note tone="warn">{t("login.queue_waits", { n: waiting })}</Note>}
      {desk.value ? <PasswordLogin /> : <BadgeLogin />}
      <footer>
        <Button kind="quiet" icon={desk.value ? "badge" : "keyboard"} onClick={() => { desk.value = !desk.value; }}>{t(desk.value ? "login.by_badge" : "login.by_password")}</Button>
        <Link to="/device" class="button quiet"><Icon name="device" /><span>{t("nav.device")}</span></Link>
      </footer>
    </main>
  );
}
