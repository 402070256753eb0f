// Knows the town's clock: how a moment is written in the town's time zone.

let zone = "Asia/Shanghai";

export const useZone = (name) => {
  zone = name || zone;
};

export function parts(moment) {
  const found = new Intl.DateTimeFormat("zh-CN", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(new Date(moment));
  const map = Object.fromEntries(found.map((part) => [part.type, part.value]));
  return { ...map, day0: `${map.year}-${map.month}-${map.day}`, clock: `${map.hour}:${map.minute}` };
}

/** “09:00”, “昨天 09:00”, “明天 09:00”, “3月2日 09:00”. */
export function spoken(moment, now) {
  const then = parts(moment);
  const near = (days) => parts(new Date(now).getTime() + days * 86400000).day0 === then.day0;
  if (near(0)) return then.clock;
  if (near(-1)) return `昨天 ${then.clock}`;
  if (near(1)) return `明天 ${then.clock}`;
  return `${then.month}月${then.day}日 ${then.clock}`;
}

/** Seconds until the next eight o'clock in the morning. */
export function untilMorning(now) {
  const { hour, minute, second } = parts(now);
  const today = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const morning = 8 * 3600;
  return today < morning ? morning - today : morning + 86400 - today;
}
