// Knows what the page shows now: three phones, the last view of the town, and how fresh it is.

import { get, post, Trouble, upload } from "./api.js";
import { toast } from "./dom.js";

const BACKOFF = [1, 2, 4, 8, 15];

export class Session extends EventTarget {
  constructor(people) {
    super();
    this.people = people;
    this.phones = people.first();
    this.view = { version: -1, board: { now: new Date().toISOString(), cases: [], rates: {} }, timelines: {} };
    this.met = null;
    this.readAt = Date.now();
    this.pressed = new Set();
    this.busy = false;
    this.failed = 0;
    this.reading = null;
    this.again = false;
    this.hurry = null;
    this.poll = new AbortController();
  }

  /** The town's clock, in milliseconds: it flows on between two views. */
  get now() {
    return Date.parse(this.view.board.now) + (Date.now() - this.readAt);
  }

  timeline(who) {
    return this.view.timelines[who] ?? [];
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Put another person or group on a phone. */
  async show(index, who) {
    this.phones[index] = who;
    this.tell("phones", index);
    await this.refresh();
  }

  /** Put three others on the phones, all at once. */
  async cast(three) {
    const changed = three.map((who, index) => who !== this.phones[index]);
    this.phones.splice(0, 3, ...three);
    changed.forEach((one, index) => one && this.tell("phones", index));
    await this.refresh();
  }

  /** Read the view, and say whether that went well; calls that come while one is under way share the next one. */
  refresh() {
    if (this.reading) this.again = true;
    else this.reading = this.read();
    return this.reading;
  }

  async read() {
    try {
      do {
        this.again = false;
        this.view = await this.look();
        this.readAt = Date.now();
        if (this.view.town !== this.met) await this.meet();
        this.tell("view");
      } while (this.again);
      return true;
    } catch (error) {
      this.report(error);
      return false;
    } finally {
      this.reading = null;
    }
  }

  /** One view of the town; where nobody on the phones is known any more, the town is read anew first. */
  async look() {
    const ask = () => get("view", { who: [...new Set(this.phones)] });
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Trouble) || error.gone) throw error;
      await this.meet();
      return ask();
    }
  }

  /** People, units or groups have changed: read the town anew. */
  async meet() {
    const known = this.met !== null;
    this.met = this.view.town ?? null;
    if (!known) return;
    this.people.read(await get("town"));
    const first = this.people.first();
    const gone = this.phones.flatMap((who, index) => (this.people.get(who) ? [] : [index]));
    for (const index of gone) this.phones[index] = first[index];
    this.again ||= gone.length > 0;
    this.tell("town");
  }

  report(error) {
    if (!(error instanceof Trouble)) throw error;
    if (!this.failed) toast(error.message); // else the bar above the page says it already
  }

  /** Do something in somebody's place; throws Trouble when it could not be done. */
  async act(path, body) {
    try {
      await (body.photo instanceof Blob ? upload(path, body) : post(path, body));
    } catch (error) {
      if (error.gone) this.poll.abort(); // the line is dead: notice it now, not when the long poll gives up
      throw error;
    }
    await this.refresh();
  }

  /** Move the clock or begin again: one at a time. */
  async turn(path, body) {
    if (this.busy) return false;
    this.busy = true;
    this.tell("busy");
    try {
      await post(path, body);
      if (path === "reset") this.forget();
      await this.refresh();
      return true;
    } catch (error) {
      this.report(error);
      return false;
    } finally {
      this.busy = false;
      this.tell("busy");
    }
  }

  forget() {
    this.pressed.clear();
    this.tell("reset");
  }

  /** Follow the town for ever: wait for a change, read it; when the server is gone, try again more and more slowly. */
  async follow() {
    for (;;) {
      try {
        await this.once();
        this.found();
      } catch {
        const seconds = BACKOFF[Math.min(this.failed, BACKOFF.length - 1)];
        this.failed += 1;
        this.tell("link", { ok: false, seconds });
        await this.pause(seconds);
      }
    }
  }

  /** One round: after a failure a plain look whether the town is there again, else the long poll. */
  async once() {
    if (!this.failed) {
      this.poll = new AbortController();
      const { version } = await get("changes", { since: Math.max(this.view.version, 0) }, 40000, this.poll);
      if (version === this.view.version) return;
    }
    if (!(await this.refresh())) throw new Trouble();
  }

  found() {
    if (this.failed) this.tell("link", { ok: true });
    this.failed = 0;
  }

  pause(seconds) {
    return new Promise((wake) => {
      const timer = setTimeout(wake, seconds * 1000);
      this.hurry = () => {
        clearTimeout(timer);
        wake();
      };
    });
  }
}
