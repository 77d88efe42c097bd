import htmx from "htmx.org";

import "./live.js";
import "./page.js";

window.htmx = htmx;
