"use strict";

const pages = [...document.querySelectorAll("main > section")];
const number = document.getElementById("number");
const tip = document.getElementById("tip");
let current = 0;
let zoom = 1;

function turnTo(index) {
  current = Math.min(Math.max(index, 0), Math.max(pages.length - 1, 0));
  pages.forEach((page, at) => { page.hidden = at !== current; });
  number.value = pages.length ? current + 1 : 0;
  tip.hidden = true;
  if (pages.length) history.replaceState(null, "", "#" + pages[current].id);
}

function enlarge(factor) {
  zoom = factor ? Math.min(Math.max(zoom * factor, 0.25), 8) : 1;
  document.body.style.setProperty("--zoom", zoom);
}

function toggle(box) {
  if (box.dataset.layer) document.body.classList.toggle("show-" + box.dataset.layer, box.checked);
  else document.body.classList.toggle("hide-" + box.dataset.kind, !box.checked);
}

// Lights the outline of a block and its text beside the page.
function light(page, block, scrollTo) {
  page.querySelectorAll(".lit").forEach((one) => one.classList.remove("lit"));
  if (!block) return;
  const outline = page.querySelector(`.blocks [data-block="${block}"]`);
  const entry = page.querySelector(`.reading [data-block="${block}"]`);
  for (const one of [outline, entry]) one.classList.add("lit");
  if (scrollTo === "entry") entry.scrollIntoView({ block: "nearest" });
  if (scrollTo === "outline") outline.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function tell(polygon, event) {
  const entry = polygon.closest("section").querySelector(`.reading [data-block="${polygon.dataset.block}"]`);
  const about = document.createElement("small");
  about.textContent = polygon.dataset.about ||
    `block ${polygon.dataset.block}, ${entry.querySelector("b").textContent}, ${entry.querySelector("small").textContent}`;
  tip.replaceChildren(about, polygon.dataset.text ?? entry.querySelector("p")?.textContent ?? "");
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = Math.max(Math.min(event.clientX + 14, innerWidth - width - 8), 0) + "px";
  tip.style.top = Math.max(Math.min(event.clientY + 18, innerHeight - height - 8), 0) + "px";
}

for (const page of pages) {
  const sheet = page.querySelector(".sheet");
  sheet.addEventListener("pointermove", (event) => {
    const polygon = event.target.closest("polygon");
    if (polygon) tell(polygon, event);
    else tip.hidden = true;
    light(page, polygon?.dataset.block, "entry");
  });
  sheet.addEventListener("pointerleave", () => { tip.hidden = true; });
  page.querySelectorAll(".reading li").forEach((entry) => {
    entry.addEventListener("focus", () => light(page, entry.dataset.block, "outline"));
    entry.addEventListener("pointerenter", () => light(page, entry.dataset.block));
  });
}

document.querySelectorAll("input[type=checkbox]").forEach((box) => {
  box.addEventListener("change", () => toggle(box));
  toggle(box); // a browser may have kept the boxes of an earlier visit
});
document.getElementById("before").addEventListener("click", () => turnTo(current - 1));
document.getElementById("after").addEventListener("click", () => turnTo(current + 1));
document.getElementById("larger").addEventListener("click", () => enlarge(1.25));
document.getElementById("smaller").addEventListener("click", () => enlarge(0.8));
number.addEventListener("change", () => turnTo(Number(number.value) - 1));
addEventListener("hashchange", () => turnTo(pages.findIndex((page) => "#" + page.id === location.hash)));

const keys = {
  ArrowLeft: () => turnTo(current - 1),
  ArrowRight: () => turnTo(current + 1),
  Home: () => turnTo(0),
  End: () => turnTo(pages.length - 1),
  "+": () => enlarge(1.25),
  "-": () => enlarge(0.8),
  0: () => enlarge(0),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === number) return;
  const box = document.querySelectorAll("[data-layer]")[Number(event.key) - 1];
  if (box) box.click();
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

turnTo(pages.findIndex((page) => "#" + page.id === location.hash));
