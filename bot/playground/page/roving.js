// Knows how a row of buttons is walked through by keyboard: one stop for Tab, the arrows inside (a toolbar).

const STEP = { ArrowRight: 1, ArrowLeft: -1 };

export function roving(row) {
  const all = () => [...row.querySelectorAll("button")];
  row.addEventListener("keydown", (event) => {
    const found = all();
    const at = found.indexOf(document.activeElement);
    const ends = { Home: 0, End: found.length - 1 };
    const to = event.key in STEP ? at + STEP[event.key] : ends[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    hold(found, found[(to + found.length) % found.length]).focus();
  });
  row.addEventListener("focusin", (event) => hold(all(), event.target));
  return { settle: (first) => hold(all(), first ?? all()[0]) };
}

/** Only this one is a stop for Tab. */
function hold(buttons, one) {
  if (!buttons.includes(one)) return one;
  for (const button of buttons) button.tabIndex = button === one ? 0 : -1;
  return one;
}
