// Knows what the browser remembers between visits; a browser that remembers nothing is fine too.

const PREFIX = "xiaoge.playground.";

export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key) ?? "";
  } catch {
    return "";
  }
}

export function remember(key, value) {
  try {
    if (value) localStorage.setItem(PREFIX + key, value);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // Private windows may refuse; the page works the same, it only forgets.
  }
}
