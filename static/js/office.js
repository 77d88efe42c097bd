import htmx from "htmx.org";

import "./ages.js";
import "./heavy.js";
import "./live.js";
import "./outbox.js";
import "./page.js";
import "./photos.js";
import "./plan.js";
import "./keys.js";
import "./lines.js";
import "./listkeys.js";
import "./tabs.js";
import "./ticks.js";

window.htmx = htmx;
