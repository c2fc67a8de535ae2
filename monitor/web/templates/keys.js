// Keys only; every page works without this file. j k o v m y n / g ?
(() => {
  let going = false, at = -1;
  const rows = () => [...document.querySelectorAll(".row, .line .what, tr[tabindex]")];
  const go = step => {
    const all = rows(), here = all.findIndex(row => row.contains(document.activeElement));
    if (!all.length) return document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    at = Math.max(0, Math.min(all.length - 1, (here >= 0 ? here : at) + step));
    all[at].focus();
    all[at].scrollIntoView({ block: "nearest" });
  };
  const press = what => (document.activeElement.closest(".row, .what, tr") ?? document).querySelector(what)?.click();
  const keys = {
    j: () => go(1), k: () => go(-1), o: () => press("h3 a, .name a"), v: () => press("a.src"), m: () => press("button[data-key=m], form[action$='/read'] button"),
    y: () => press("button.yes"), n: () => press("button.no"), "?": () => document.getElementById("keys").showModal(),
    "/": event => { const field = document.querySelector("input[type=search]"); event.preventDefault(); field ? field.focus() : location.assign(document.querySelector(".tabbar a[href$='/search']").href + "#q"); },
  };
  if (location.hash === "#q") document.getElementById("q")?.focus(); // came by the key "/"
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
    if (going) { going = false; const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`); if (link) return link.click(); }
    going = event.key === "g";
    keys[event.key]?.(event);
  });
})();
