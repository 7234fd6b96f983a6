import { computed, signal } from "@preact/signals";
import { newId } from "../../api/ids.ts";
import { ask, Problem, whenLoggedOut } from "../../api/client.ts";
import type { SessionOut, WarehouseRef } from "../../api/types.ts";
import { useLanguage, wasChosen } from "../../i18n/index.ts";
import { loginWanted, queue } from "../../queue/index.ts";
import { forget, recall, remember } from "../../queue/store.ts";

/** Who works here. Kept on the device, so that a handheld that starts without network goes on with the released list. */
export const session = signal<SessionOut | null>(null);
export const restored = signal(false);
const warehouseId = signal<number | null>(null);

export const warehouse = computed<WarehouseRef | null>(() => {
  const all = session.value?.warehouses ?? [];
  return all.find((one) => one.id === warehouseId.value) ?? all[0] ?? null;
});

export const may = (permission: string): boolean => session.value?.permissions.includes(permission) ?? false;

async function entered(out: SessionOut): Promise<void> {
  session.value = out;
  loginWanted.value = false;
  await remember("session", out);
  // A person's language follows the person, unless this device was set by hand.
  if (!wasChosen() && out.user.language) await useLanguage(out.user.language, false);
  void queue.flush();
}

export async function restore(): Promise<void> {
  warehouseId.value = (await recall<number>("warehouse")) ?? null;
  session.value = (await recall<SessionOut>("session")) ?? null;
  restored.value = true;
  const asked = session.value;
  // Somebody may log in (or out) while the question is on its way: an answer about the one before counts no more.
  const isStale = (): boolean => session.value !== asked;
  try {
    const out = await ask<SessionOut>("/api/session", { quiet401: true, timeoutMs: 8000 });
    if (!isStale()) await entered(out);
  } catch (error) {
    if (error instanceof Problem && error.status === 401 && !isStale()) await left();
    // No answer: stay logged in on the device; the server decides when the scans arrive.
  }
}

async function left(): Promise<void> {
  session.value = null;
  await forget("session");
}

export async function badgeLogin(badge: string, pin: string): Promise<void> {
  await entered(await ask<SessionOut>("/api/session/badge", { method: "POST", body: { badge, pin }, quiet401: true }));
}

export async function passwordLogin(login: string, password: string): Promise<void> {
  await entered(await ask<SessionOut>("/api/session/password", { method: "POST", body: { login, password }, quiet401: true }));
}

/** Logs out here whatever the server says; deeds that wait are kept for this person's next login. */
export async function logout(): Promise<void> {
  await ask("/api/session", { method: "DELETE", quiet401: true, timeoutMs: 5000 }).catch(() => undefined);
  await left();
}

export async function chooseWarehouse(id: number): Promise<void> {
  warehouseId.value = id;
  await remember("warehouse", id);
}

export async function enrolDevice(code: string, name: string): Promise<void> {
  await ask("/api/devices/enrol", { method: "POST", body: { code, name }, headers: { "Idempotency-Key": newId() }, quiet401: true });
  await restore();
}

whenLoggedOut(() => { loginWanted.value = true; });
