// What the pages do better with a script. Without it every form works by itself: the server judges, and sends the page
// again with what is wrong beside the fields.

/** The server's own rules of passwords; undefined until they are there. */
let rules;
/** NIST's length for a password that stands alone: there the meter is full. */
const FULL = 15;

for (const form of document.querySelectorAll("form[novalidate]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
  for (const input of inputsOf(form)) {
    // What is wrong is told when the field is left, and taken back as soon as it is mended.
    input.addEventListener("change", () => tell(input, input.value === "" ? "" : complaintAbout(input)));
    input.addEventListener("input", () => {
      if (input.getAttribute("aria-invalid") === "true" && complaintAbout(input) === "") tell(input, "");
    });
    if (input.type === "password") addReveal(input);
  }
}
addMeter(document.getElementById("register-password"));
for (const time of document.querySelectorAll("time")) showLocally(time);
for (const link of document.querySelectorAll('a[href="#sign-in"]')) {
  link.addEventListener("click", () => setTimeout(() => document.getElementById("sign-in-email")?.focus()));
}

function inputsOf(form) {
  return [...form.querySelectorAll("input:not([type=hidden])")];
}

/** Sends the form, and puts what the server says into the page: what was typed stays, the password too. */
async function send(form) {
  const button = form.querySelector("button[type=submit]");
  if (button.getAttribute("aria-disabled") === "true") return;
  say(form, "");
  const inputs = inputsOf(form);
  for (const input of inputs) tell(input, complaintAbout(input));
  if (focusFirstBad(inputs)) return;

  const idle = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = button.dataset.busy;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
    });
    const answer = await response.json();
    if (answer.location !== undefined) {
      location.assign(answer.location);
      // To the place on this very page: nothing is loaded anew.
      if (!answer.location.startsWith("./?")) return;
    }
    for (const input of inputs) tell(input, answer.fields?.[input.name] ?? "");
    const isTold = response.ok || answer.fields !== undefined;
    const message = isTold ? answer.message : "The server did not take this. Try again in a moment.";
    say(form, message ?? "");
    if (!focusFirstBad(inputs) && message !== undefined) inputs.at(-1).select();
  } catch {
    say(form, "The server cannot be reached. What you typed is still here: try again in a moment.");
  }
  button.removeAttribute("aria-disabled");
  button.textContent = idle;
}

function focusFirstBad(inputs) {
  const bad = inputs.find((input) => input.getAttribute("aria-invalid") === "true");
  bad?.focus();
  return bad !== undefined;
}

/** Puts a complaint beside its field; none takes it away. */
function tell(input, complaint) {
  document.getElementById(`${input.id}-error`).textContent = complaint;
  if (complaint === "") input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
}

function say(form, message) {
  form.querySelector(".message").textContent = message;
}

/** What can be seen without the server; it has the last word. */
function complaintAbout(input) {
  if (input.required && input.value.trim() === "") {
    return input.type === "email" ? "Enter your e-mail address." : "Enter a password.";
  }
  if (input.type === "email" && !/^[^@\s].*@[^@\s]+\.[^@\s]+$/.test(input.value.trim())) {
    return "Enter an address like ada@example.com.";
  }
  if (input.id !== "register-password") return "";
  const states = judge(input);
  if (states.length === "unmet") return `Use at least ${rules.minLength} characters.`;
  if (states.common === "unmet") return "Everybody who guesses passwords tries this one. Choose another.";
  if (states.personal === "unmet") return "Do not use your name or your e-mail address as the password.";
  return "";
}

/* The password */

async function loadRules() {
  const response = await fetch("password-rules").catch(() => undefined);
  if (response?.ok !== true) return;
  const data = await response.json();
  rules = { ...data, common: new Set(data.common) };
}

/** Each rule by its name: met, unmet, or undefined where it cannot be told. */
function judge(input) {
  if (rules === undefined) return {};
  const password = input.value;
  const length = Math.min(codePoints(password), codePoints(password.normalize("NFKC")));
  const state = (isMet) => (isMet ? "met" : "unmet");
  const { form } = input;
  const known = [form.elements.full_name.value, form.elements.email.value];
  return {
    length: state(length >= rules.minLength),
    common: state(length > 0 && !rules.common.has(folded(password))),
    personal: state(length > 0 && !isPersonal(password, known)),
  };
}

function codePoints(text) {
  return [...text].length;
}

/** As the server folds: equal for texts that differ in case or in compatible characters. */
function folded(text) {
  return text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}

function isPersonal(password, known) {
  const bare = (text) => folded(text).replaceAll(/\s+/g, "");
  const parts = known.flatMap((text) => [
    text,
    text.trim().slice(0, Math.max(0, text.trim().lastIndexOf("@"))),
  ]);
  return parts.some((text) => bare(text) !== "" && bare(text) === bare(password));
}

function addMeter(input) {
  if (input === null) return;
  const list = document.querySelector(".rules");
  const meter = document.createElement("div");
  meter.className = "meter";
  meter.setAttribute("aria-hidden", "true");
  meter.append(document.createElement("span"));
  input.closest(".control").after(meter);
  const summary = document.createElement("p");
  summary.className = "visually-hidden";
  summary.setAttribute("role", "status");
  list.after(summary);

  let announcement;
  const show = () => {
    const states = judge(input);
    const items = [...list.querySelectorAll("li")];
    for (const item of items) {
      const state = input.value === "" ? undefined : states[item.dataset.rule];
      if (state === undefined) delete item.dataset.state;
      else item.dataset.state = state;
    }
    const unmet = items.filter((item) => item.dataset.state === "unmet");
    meter.dataset.isAccepted = String(input.value !== "" && unmet.length === 0 && rules !== undefined);
    meter.style.setProperty(
      "--filled",
      Math.min(1, codePoints(input.value) / Math.max(FULL, rules?.minLength ?? 0)),
    );
    clearTimeout(announcement);
    if (input.value === "" || rules === undefined) return;
    const text =
      unmet.length === 0 ? "The password meets all rules." : `Not yet: ${unmet.map(textOf).join("; ")}.`;
    // Not at every key: whoever listens hears it when the typing rests.
    announcement = setTimeout(() => (summary.textContent = text), 800);
  };
  const textOf = (item) => item.textContent;
  for (const each of inputsOf(input.form)) each.addEventListener("input", show);
  input.addEventListener("focus", () => void loadRules().then(show), { once: true });
  if (document.activeElement === input) void loadRules().then(show);
}

function addReveal(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  const verb = document.createElement("span");
  verb.textContent = "Show";
  const noun = document.createElement("span");
  noun.textContent = " password";
  noun.className = "visually-hidden";
  button.append(verb, noun);
  button.addEventListener("click", () => {
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    verb.textContent = isShown ? "Hide" : "Show";
  });
  // A browser remembers and fills only what is a password when it is sent.
  input.form.addEventListener("submit", () => {
    if (input.type === "text") button.click();
  });
  input.after(button);
}

/* The account */

/** A moment in the reader's own time and words. */
function showLocally(time) {
  const style =
    time.dataset.precision === "date" ? { dateStyle: "medium" } : { dateStyle: "medium", timeStyle: "short" };
  time.textContent = new Intl.DateTimeFormat(undefined, style).format(new Date(time.dateTime));
}
