// Asks TensorFlow.js what FaceRes sees: npm install @tensorflow/tfjs@4.22.0, then
//   node make_faceres_goldens.js FOLDER_OF_THE_MODEL A.rgb B.rgb
// where *.rgb are the portraits astronaut.png and grace_hopper.jpg, shrunk to 224 x 224 by OpenCV (INTER_AREA), as raw RGB.
// Prints the numbers of faceres.json's `features`, scaled to length 1, one list a picture, then `man` and `age`.
const fs = require("fs");
const tf = require("@tensorflow/tfjs");

async function main(folder, pictures) {
  const model = JSON.parse(fs.readFileSync(`${folder}/faceres.json`));
  const bytes = fs.readFileSync(`${folder}/faceres.bin`);
  const network = await tf.loadGraphModel(tf.io.fromMemory({
    modelTopology: model.modelTopology, weightSpecs: model.weightsManifest[0].weights, format: model.format,
    signature: model.signature, weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)}));
  for (const picture of pictures) {
    const rgb = tf.tensor(new Float32Array(fs.readFileSync(picture)), [1, 224, 224, 3], "float32");
    const input = tf.sub(tf.reverse(rgb, 3), tf.tensor([103.939, 116.779, 123.68]));
    const features = network.execute(input, "global_pooling/Mean");
    console.log(JSON.stringify(Array.from(tf.div(features, tf.norm(features)).dataSync(), (value) => +value.toFixed(5))));
    const years = network.execute(input, "age_pred/Softmax").dataSync();
    console.log(JSON.stringify({man: network.execute(input, "gender_pred/Sigmoid").dataSync()[0],
                                age: years.reduce((sum, share, year) => sum + share * year, 0)}));
  }
}

main(process.argv[2], process.argv.slice(3));
