/**
 * Photos are made smaller before they leave the phone, and shown before they are sent.
 *
 * What can't be read as an image stays as it is: the server decides. Drawing an image anew also
 * leaves its metadata (place, device) behind.
 */

const LONGEST = 1600;
const QUALITY = 0.82;
const SMALL_ENOUGH = 400 * 1024;
const pending = new WeakMap();

async function smaller(file) {
  if (!file.type.startsWith("image/")) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && file.type === "image/jpeg" && file.size < SMALL_ENOUGH) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
}

function weight(files) {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: total < 1e6 ? "kilobyte" : "megabyte",
    maximumFractionDigits: total < 1e6 ? 0 : 1,
  });
  return `${files.length} × ${document.documentElement.lang === "fr" ? "photo" : "file"} · ${format.format(total / (total < 1e6 ? 1e3 : 1e6))}`;
}

function preview(box, files) {
  const list = box.querySelector("[data-photos-preview]");
  list.replaceChildren(
    ...files
      .filter((file) => file.type.startsWith("image/"))
      .map((file) => {
        const item = document.createElement("li");
        item.className = "photo";
        const image = document.createElement("img");
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        image.addEventListener("load", () => URL.revokeObjectURL(image.src));
        item.append(image);
        return item;
      }),
  );
  list.hidden = list.children.length === 0;
  box.querySelector("[data-photos-weight]").textContent = files.length ? weight(files) : "";
}

async function prepare(input) {
  const files = await Promise.all([...input.files].map(smaller));
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  input.files = transfer.files;
  preview(input.closest("[data-photos]"), files);
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("[data-photos] input[type=file]")) return;
  const work = prepare(input).finally(() => pending.delete(input.form));
  if (input.form) pending.set(input.form, work);
});

// A tap on "send" while photos are being made smaller waits for them.
document.addEventListener(
  "submit",
  (event) => {
    const work = pending.get(event.target);
    if (!work) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    work.then(() => target.requestSubmit(submitter ?? undefined));
  },
  true,
);
