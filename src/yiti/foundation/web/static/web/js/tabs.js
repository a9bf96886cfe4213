// Work tabs: the pages one has open, kept in this browser tab only and for one person only.

const MOST = 10;
const STORE = "yiti:work-tabs";
const strip = document.getElementById("work-tabs");
const main = document.getElementById("main");
const user = document.body.dataset.user;

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
  if (tab.path === location.pathname) {
    item.classList.add("is-current");
    link.setAttribute("aria-current", "page");
  }
  return item;
}

function closeTab(tab) {
  const tabs = load();
  const place = tabs.findIndex((each) => each.path === tab.path);
  tabs.splice(place, 1);
  save(tabs);
  if (tab.path !== location.pathname) return draw();
  const next = tabs[place] ?? tabs[place - 1];
  return location.assign(next ? next.url : strip.querySelector("[data-tab-home] a").href);
}

function draw() {
  const tabs = load();
  const home = strip.querySelector("[data-tab-home]");
  strip.replaceChildren(home, ...tabs.slice(0, MOST).map(build));
  if (tabs.length <= MOST) return;
  const more = document.getElementById("work-tabs-more").content.firstElementChild.cloneNode(true);
  more.querySelector("ul").append(...tabs.slice(MOST).map(build));
  strip.append(more);
}

function remember() {
  const home = new URL(strip.querySelector("[data-tab-home] a").href);
  const title = main.dataset.tabTitle.trim() || document.title.split(" · ")[0];
  if (location.pathname === home.pathname || !title) return;
  const tabs = load();
  const here = { path: location.pathname, url: location.pathname + location.search, title, icon: main.dataset.tabIcon.trim() };
  const place = tabs.findIndex((each) => each.path === here.path);
  if (place >= 0) tabs[place] = here;
  else tabs.push(here);
  save(tabs);
}

if (strip && main) {
  remember();
  draw();
  document.addEventListener("htmx:pushedIntoHistory", remember);
}
