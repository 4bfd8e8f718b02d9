// Asks TensorFlow.js what MoveNet Lightning sees: npm install @tensorflow/tfjs@4.22.0, then
//   node make_movenet_goldens.js FOLDER_OF_THE_MODEL A.rgb B.rgb
// where *.rgb are the portraits astronaut.png and grace_hopper.jpg, shrunk to 192 x 192 by OpenCV (INTER_AREA), as raw RGB.
// Prints the numbers of movenet.json's `points`, one list a picture.
const fs = require("fs");
const tf = require("@tensorflow/tfjs");

async function main(folder, pictures) {
  const model = JSON.parse(fs.readFileSync(`${folder}/movenet-lightning.json`));
  const bytes = fs.readFileSync(`${folder}/movenet-lightning.bin`);
  const network = await tf.loadGraphModel(tf.io.fromMemory({
    modelTopology: model.modelTopology, weightSpecs: model.weightsManifest[0].weights, format: model.format,
    signature: model.signature, weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)}));
  for (const picture of pictures) {
    const input = tf.tensor(new Int32Array(fs.readFileSync(picture)), [1, 192, 192, 3], "int32");
    console.log(JSON.stringify(Array.from(network.execute(input).dataSync(), (value) => +value.toFixed(4))));
  }
}

main(process.argv[2], process.argv.slice(3));
