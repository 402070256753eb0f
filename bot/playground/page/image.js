// Knows how a picture gets small enough to send, and how the sample drawings become photos.

import { Trouble } from "./api.js";

const LONGEST = 1280;
const QUALITY = 0.85;

export const SAMPLES = [
  { name: "飞线充电", file: "sample-wire.svg" },
  { name: "垃圾堆放", file: "sample-rubbish.svg" },
  { name: "处理好了", file: "sample-fixed.svg" },
];

/** A JPEG of at most 1280 pixels, upright, without the camera's notes about place and time. */
export async function shrink(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Trouble("这个文件打不开，请换一张照片。");
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  return jpeg(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
}

/** A sample drawing as a photo. (`decode()` may wait for ever for a drawing that is in no page; `load` does not.) */
export function sample(file) {
  const picture = new Image();
  return new Promise((done, failed) => {
    picture.onload = () => jpeg(picture, 960, 720).then(done, failed);
    picture.onerror = () => failed(new Trouble("示例照片没取到，请再试一次。"));
    picture.src = `/playground/static/${file}`;
  });
}

function jpeg(picture, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : failed(new Trouble("照片没处理好，请换一张。"))),
      "image/jpeg",
      QUALITY,
    ),
  );
}
