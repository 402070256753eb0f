// Put into any page of the site: <script src="https://BOT/web/SITE/widget.js" data-token="TOKEN" defer></script>
(() => {
  const { src, dataset } = document.currentScript;
  const home = new URL(".", src);
  home.hash = new URLSearchParams({ token: dataset.token ?? "", scene: dataset.scene ?? "" });

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = dataset.label ?? "社区有事找小格";
  button.setAttribute("aria-expanded", "false");
  Object.assign(button.style, {
    position: "fixed", right: "16px", bottom: "16px", zIndex: "2147483646", minHeight: "56px", padding: "0 20px",
    fontSize: "20px", color: "#fff", background: "#0b5d33", border: "2px solid #fff", borderRadius: "28px",
    cursor: "pointer",
  });

  let frame;
  const open = () => {
    frame = document.createElement("iframe");
    frame.src = home.href;
    frame.title = "小格：社区网格服务对话";
    frame.allow = "geolocation";
    Object.assign(frame.style, {
      position: "fixed", right: "16px", bottom: "84px", zIndex: "2147483646", width: "min(440px, calc(100vw - 32px))",
      height: "min(680px, calc(100vh - 108px))", border: "2px solid #0b5d33", borderRadius: "12px", background: "#fff",
    });
    document.body.append(frame);
    frame.focus();
  };
  button.addEventListener("click", () => {
    if (frame) frame.hidden = !frame.hidden;
    else open();
    button.setAttribute("aria-expanded", String(!frame.hidden));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame && !frame.hidden) button.click();
  });
  document.body.append(button);
})();
