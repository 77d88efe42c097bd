import htmx from "htmx.org";

import "./ages.js";
import "./combo.js";
import "./live.js";
import "./page.js";
import "./rows.js";

window.htmx = htmx;
