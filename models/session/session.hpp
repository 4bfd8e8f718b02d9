#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ov {
class Model;
}

namespace deid::models {

/// Number format of inference. It is always stated, because OpenVINO itself picks bf16 in silence, which
/// moved body keypoints by up to 14.7 px. Measurements use f32.
enum class Precision { f32, bf16 };

/// A model file is missing, damaged, or not the one in the manifest, or the engine failed. what() is a
/// sentence that names the file and, for a missing or wrong one, the command that mends it.
class ModelError : public std::runtime_error {
public:
  enum class Kind { missing, damaged, wrong_hash, engine };
  ModelError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

private:
  Kind kind_;
};

struct SessionOptions {
  Precision precision = Precision::f32;
  int threads = 1; ///< inference threads [1..], on the processor
  /// CPU, GPU, GPU.N, NPU or AUTO, see device_named(). Results of a device other than the processor are
  /// compared with the processor's at the start; a device that differs is an error, and AUTO passes it over.
  /// Other devices compute in f32.
  std::string device = "CPU";
  /// Folder in which the compiled network is kept, see KeptNetworks. Empty: it is not kept. Without a value:
  /// the user's folder.
  std::optional<std::filesystem::path> cache_dir{};
  /// Reshapes the input before compiling (in the file's order of dimensions). 0: any number; then reshape()
  /// says the number before each input(). One such network takes the memory of its largest shape alone, and a
  /// change of shape takes about 1 ms.
  std::optional<std::vector<std::size_t>> input_shape{};
};

/// Returns the precision that a session computes in when `wanted` is requested: f32 on a processor without
/// bf16.
[[nodiscard]] Precision usable_precision(Precision wanted);

/// Returns the file's layout of its single input before any reshape, e.g. {-1, -1, -1, 3}; -1 means any
/// number. Throws ModelError when the file is missing, cannot be read, has not exactly one input, or has one
/// of unknown rank.
[[nodiscard]] std::vector<std::int64_t> input_layout(const std::filesystem::path& model);

/// Builds a network from a file that the engine cannot read itself.
struct NetworkReader {
  /// Any exception but ModelError means that the file is damaged.
  std::function<std::shared_ptr<ov::Model>(const std::filesystem::path&)> read{};
  /// Name and version of the reader; another version gives another network. Empty: the compiled network is
  /// never kept in a folder. A network of one person must not be kept, because its file may be encrypted.
  std::string kept_as{};
  /// Files that read() opens beside its argument.
  std::vector<std::filesystem::path> more_files{};
};

/// One compiled network. Requires a TFLite, ONNX, TensorFlow (frozen graph) or IR file. Throws ModelError.
/// Threads: one at a time.
class Session {
public:
  Session(const std::filesystem::path& model, const SessionOptions& options);
  /// The same for a file that needs its own reader. Requires the same reader for the same file, because
  /// compiled networks are shared.
  Session(const std::filesystem::path& model, const SessionOptions& options, const NetworkReader& reader);
  ~Session();
  Session(Session&&) noexcept;

  /// Gives the input a shape. Requires: the shape fits SessionOptions::input_shape. The input's values, and
  /// the outputs until the next infer(), are undefined afterwards. Throws ModelError(engine).
  void reshape(const std::vector<std::size_t>& shape);

  /// The single f32 input, row-major, in the file's layout. Write it before infer(). Requires: a shape
  /// without 0, or reshape().
  [[nodiscard]] std::span<float> input();
  [[nodiscard]] const std::vector<std::size_t>& input_shape() const; ///< empty before the first reshape()

  /// Runs the network once; throws ModelError(engine) when the engine fails.
  void infer();

  /// Output i of the last infer(), f32, row-major; valid until the next infer().
  [[nodiscard]] std::span<const float> output(std::size_t index) const;
  [[nodiscard]] std::vector<std::size_t> output_shape(std::size_t index) const;
  [[nodiscard]] std::size_t output_count() const;

  /// Precision in use, see usable_precision().
  [[nodiscard]] Precision precision() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Throws ModelError(engine) when a value is not finite. Compared with a threshold, NaN would mean "no face".
void require_finite(std::span<const float> values, const std::string& what);

} // namespace deid::models
