import htmx from "htmx.org";

import "./ages.js";
import "./combo.js";
import "./live.js";
import "./outbox.js";
import "./page.js";
import "./photos.js";
import "./rows.js";

window.htmx = htmx;
