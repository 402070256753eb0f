// Knows what nobody has looked at yet: the phones that are out of sight, and the people who have no phone here.

import { get, Trouble } from "./api.js";

const CALM = 350;

export class Unread extends EventTarget {
  constructor(session) {
    super();
    this.session = session;
    this.counts = new Map();
    this.seen = new Map();
    this.visible = new Set();
    this.timer = 0;
    this.begun = false;
    session.addEventListener("view", () => this.look());
    session.addEventListener("reset", () => {
      this.counts.clear();
      this.seen.clear();
    });
  }

  of(who) {
    return Math.max(0, (this.counts.get(who) ?? 0) - (this.seen.get(who) ?? 0));
  }

  /** Which of the three phones are in sight. */
  sight(indexes) {
    this.visible = indexes;
    this.look();
  }

  /** Everything counts as seen. */
  done() {
    for (const [who, count] of this.counts) this.seen.set(who, count);
    this.dispatchEvent(new Event("change"));
  }

  /** What stands on a phone in sight is seen; how much there is, the town is asked a moment later. */
  look() {
    this.see();
    this.dispatchEvent(new Event("change"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tails(), CALM);
  }

  see() {
    for (const index of this.visible) {
      const who = this.session.phones[index];
      this.seen.set(who, this.counts.get(who) ?? 0);
    }
  }

  async tails() {
    let found;
    try {
      found = await get("tails");
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      return;
    }
    for (const [who, count] of Object.entries(found)) {
      this.counts.set(who, count);
      if (!this.begun || this.seen.get(who) > count) this.seen.set(who, count);
    }
    this.begun = true;
    this.see();
    this.dispatchEvent(new Event("change"));
  }
}
