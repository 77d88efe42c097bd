import htmx from "htmx.org";

import "./ages.js";
import "./live.js";
import "./page.js";

window.htmx = htmx;
