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

/// Numbers the engine computes in. An argument, never a default: OpenVINO picks bf16 silently (body keypoints
/// moved by up to 14.7 px), so whatever measures asks for f32.
enum class Precision { f32, bf16 };

/// A model file is missing, damaged, or not the one the manifest names. what() names the file and the command
/// that mends it.
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
  int threads = 1;                   ///< inference threads [1..]
  std::filesystem::path cache_dir{}; ///< compiled models are kept here; empty: no cache
  std::optional<std::vector<std::size_t>>
      input_shape{}; ///< reshape before compiling (N x C x H x W as the file has it)
};

/// What a session will really compute in when asked for `wanted`: f32 on a processor without bf16 arithmetic.
[[nodiscard]] Precision usable_precision(Precision wanted);

/// How a file lays out its single input before any reshape, e.g. {-1, -1, -1, 3}; -1 where any number will
/// do. Throws ModelError when the file is missing, cannot be read, has not one input or one of unknown rank.
[[nodiscard]] std::vector<std::int64_t> input_layout(const std::filesystem::path& model);

/// Makes a network of a file that the engine cannot read by itself. What it throws, but for ModelError, says
/// that the file is damaged.
using NetworkReader = std::function<std::shared_ptr<ov::Model>(const std::filesystem::path&)>;

/// One compiled network. Requires: a TFLite, ONNX, TensorFlow (frozen graph) or IR file. Throws ModelError.
/// Not thread-safe: one thread at a time.
class Session {
public:
  Session(const std::filesystem::path& model, const SessionOptions& options);
  /// The same for a file that needs a reader of its own; always the same one for the same file.
  Session(const std::filesystem::path& model, const SessionOptions& options, const NetworkReader& reader);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  /// The single f32 input, row-major, as the file lays it out; write it, then infer().
  [[nodiscard]] std::span<float> input();
  [[nodiscard]] const std::vector<std::size_t>& input_shape() const;

  /// Runs the network once; throws ModelError(engine) when the engine fails.
  void infer();

  /// Output i of the last infer(), row-major f32; valid until the next infer().
  [[nodiscard]] std::span<const float> output(std::size_t index) const;
  [[nodiscard]] std::span<const float> output(const std::string& tensor_name) const;
  [[nodiscard]] std::vector<std::size_t> output_shape(std::size_t index) const;
  [[nodiscard]] std::size_t output_count() const;

  /// Precision in use, see usable_precision().
  [[nodiscard]] Precision precision() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Throws ModelError(engine) when a value is not a finite number: comparing it with a threshold would say "no
/// face".
void require_finite(std::span<const float> values, const std::string& what);

} // namespace deid::models
