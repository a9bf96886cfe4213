// Work tabs: the pages one has open, kept in this browser tab only and for one person only. Pages with
// the same key (a person's) share one tab. What does not fit whole goes under 更多: names are never cut.

const MOST = 10;
const STORE = "yiti:tabs";
const strip = document.getElementById("work-tabs");
const main = document.getElementById("main");
const user = document.body.dataset.user;
const here = main?.dataset.tabKey.trim() || location.pathname;

function load() {
  const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
  return kept?.user === user ? kept.tabs : [];
}

const save = (tabs) => sessionStorage.setItem(STORE, JSON.stringify({ user, tabs }));

function build(tab) {
  const item = document.getElementById("work-tab").content.firstElementChild.cloneNode(true);
  const link = item.querySelector("a");
  const close = item.querySelector("button");
  const symbol = link.querySelector("use");
  link.href = tab.url;
  link.title = tab.title;
  link.querySelector("[data-title]").textContent = tab.title;
  symbol.setAttribute("href", symbol.getAttribute("href").replace(/#.*/, `#${tab.icon}`));
  close.setAttribute("aria-label", `${close.dataset.close} ${tab.title}`);
  close.addEventListener("click", () => closeTab(tab));
  if (tab.key === here) {
    item.classList.add("is-current");
    link.setAttribute("aria-current", "page");
  }
  return item;
}

function closeTab(tab) {
  const tabs = load();
  const place = tabs.findIndex((each) => each.key === tab.key);
  tabs.splice(place, 1);
  save(tabs);
  if (tab.key !== here) return draw();
  const next = tabs[place] ?? tabs[place - 1];
  return location.assign(next ? next.url : strip.querySelector("[data-tab-home] a").href);
}

function draw() {
  const home = strip.querySelector("[data-tab-home]");
  const items = load().map(build);
  const more = document.getElementById("work-tabs-more").content.firstElementChild.cloneNode(true);
  const under = more.querySelector("ul");
  strip.replaceChildren(home, ...items.slice(0, MOST));
  under.append(...items.slice(MOST));
  const current = under.querySelector(".is-current");
  if (current) strip.append(current);
  if (under.childElementCount) strip.append(more);
  while (strip.scrollWidth > strip.clientWidth) {
    const last = [...strip.querySelectorAll(":scope > .work-tab:not([data-tab-home], .menu-holder, .is-current)")].pop();
    if (!last) break;
    strip.append(more);
    under.prepend(last);
  }
}

function remember() {
  const home = new URL(strip.querySelector("[data-tab-home] a").href);
  const title = main.dataset.tabTitle.trim() || document.title.split(" · ")[0];
  if (location.pathname === home.pathname || !title || main.hasAttribute("data-no-tab")) return;
  const tabs = load();
  const tab = { key: here, url: location.pathname + location.search, title, icon: main.dataset.tabIcon.trim() };
  const place = tabs.findIndex((each) => each.key === here);
  if (place >= 0) tabs[place] = tab;
  else tabs.push(tab);
  save(tabs);
}

if (strip && main) {
  remember();
  draw();
  document.addEventListener("htmx:pushedIntoHistory", remember);
}
