/** Photos get smaller before they leave the phone; without this the server does it. */

const MAX_SIDE = 2000;
const SMALL = 1_500_000;

/** What is being made smaller, so that nothing is sent before. */
let busy = Promise.resolve();

export const settled = () => busy;

async function smaller(file) {
  if (!file.type.startsWith("image/")) return file;
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && file.size < SMALL) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

async function shrink(input) {
  const list = new DataTransfer();
  for (const file of [...input.files]) {
    // Not an image that this browser reads: the server says so in words.
    list.items.add(await smaller(file).catch(() => file));
  }
  input.files = list.files;
}

document.addEventListener("change", (event) => {
  const input = event.target;
  const holder = input.closest?.("[data-photo-input]");
  if (!holder || !input.files?.length) return;
  const name = holder.querySelector("[data-photo-name]");
  name.dataset.empty ??= name.textContent;
  name.textContent = [...input.files].map((file) => file.name).join(", ");
  busy = busy.then(() => shrink(input)).catch(() => {});
});

document.addEventListener("reset", (event) => {
  for (const name of event.target.querySelectorAll("[data-photo-name]")) {
    if (name.dataset.empty) name.textContent = name.dataset.empty;
  }
});
