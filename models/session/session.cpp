#include "models/session/session.hpp"
#include "models/session/device.hpp"
#include "models/session/engine.hpp"
#include "models/session/kept_networks.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <sstream>
#include <sys/stat.h>
#include <utility>

namespace deid::models {
namespace {

[[noreturn]] void refuse(ModelError::Kind kind, const std::filesystem::path& file, const std::string& reason,
                         const std::string& why = {}) {
  throw ModelError(kind, "Model file " + file.string() + " " + reason +
                             " Run ./meson-free-scripts/setup to fetch the models again." + why);
}

ov::AnyMap options_of(Precision precision) {
  return {
      ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY),
      ov::hint::inference_precision(precision == Precision::bf16 ? ov::element::bf16 : ov::element::f32),
  };
}

ov::AnyMap processor_options(const SessionOptions& options, Precision precision) {
  ov::AnyMap all = options_of(precision);
  all.merge(ov::AnyMap{
      ov::inference_num_threads(options.threads), ov::num_streams(1),
      ov::hint::enable_cpu_pinning(
          false), // pinned threads would compete with the pipeline's threads for the same core
  });
  return all;
}

std::shared_ptr<ov::Model> read(const std::filesystem::path& file, const SessionOptions& options,
                                const NetworkReader& reader) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    refuse(ModelError::Kind::missing, file, "is missing.");
  try {
    auto model = reader.read ? reader.read(file) : engine().read_model(file.string());
    if (model->inputs().size() != 1)
      refuse(ModelError::Kind::damaged, file,
             "has " + std::to_string(model->inputs().size()) + " inputs where 1 is expected.");
    if (options.input_shape) {
      const auto& dims = *options.input_shape;
      std::vector<ov::Dimension> wanted;
      for (const std::size_t dim : dims)
        wanted.push_back(dim == 0 ? ov::Dimension::dynamic() : ov::Dimension(static_cast<std::int64_t>(dim)));
      model->reshape(ov::PartialShape(wanted));
    }
    return model;
  } catch (const ModelError&) {
    throw;
  } catch (const std::exception& e) {
    refuse(ModelError::Kind::damaged, file, "cannot be read.", cause(e));
  }
}

/// Identifies a compiled network. Sessions with equal keys share one. So elements with the same network
/// compile once, and so does a batch that starts a pipeline for each file.
struct Key {
  std::filesystem::path file;
  std::filesystem::file_time_type written;
  std::uintmax_t bytes = 0;
  Precision precision = Precision::f32;
  int threads = 1;
  std::optional<std::filesystem::path> cache_dir;
  std::vector<std::size_t> shape;
  std::string device;
  bool operator==(const Key&) const = default;
};

Key key_of(const std::filesystem::path& file, const SessionOptions& options, Precision precision) {
  std::error_code error;
  Key key{file,
          std::filesystem::last_write_time(file, error),
          0,
          precision,
          options.threads,
          options.cache_dir,
          {},
          options.device};
  key.bytes = error ? 0 : std::filesystem::file_size(file, error);
  if (error)
    refuse(ModelError::Kind::missing, file, "is missing.");
  if (options.input_shape)
    key.shape = *options.input_shape;
  return key;
}

/// Returns the identity of a file and of its content. A changed file has another time of change, which no
/// program can set.
std::string identity_of(const std::filesystem::path& file) {
  struct stat is {};
  if (::stat(file.c_str(), &is) != 0)
    refuse(ModelError::Kind::missing, file, "is missing.");
  std::ostringstream text;
  text << std::filesystem::absolute(file).string() << '\n'
       << is.st_dev << ' ' << is.st_ino << ' ' << is.st_size << ' ' << is.st_mtim.tv_sec << ' '
       << is.st_mtim.tv_nsec << ' ' << is.st_ctim.tv_sec << ' ' << is.st_ctim.tv_nsec << '\n';
  return text.str();
}

/// Returns the text that a kept network is found by: all that its numbers depend on.
std::string text_of(const Key& key, const NetworkReader& reader) {
  const char* limit = std::getenv("ONEDNN_MAX_CPU_ISA");
  std::ostringstream text;
  text << ov::get_openvino_version().buildNumber << '\n'
       << engine().get_property(processor_device, ov::device::full_name) << '\n';
  for (const std::string& capability : engine().get_property(processor_device, ov::device::capabilities))
    text << capability << ' ';
  text << '\n' << (limit == nullptr ? "" : limit) << '\n' << reader.kept_as << '\n' << identity_of(key.file);
  for (const auto& file : reader.more_files)
    text << identity_of(file);
  text << static_cast<int>(key.precision) << ' ' << key.threads;
  for (const std::size_t side : key.shape)
    text << ' ' << side;
  return text.str();
}

/// Returns the network from the folder of kept networks, or compiles it and keeps it there.
ov::CompiledModel kept_or_compiled(const Key& key, const SessionOptions& options,
                                   const NetworkReader& reader) {
  const auto config = processor_options(options, key.precision);
  const bool never = reader.read && reader.kept_as.empty();
  const KeptNetworks kept(never ? std::filesystem::path()
                                : options.cache_dir.value_or(KeptNetworks::folder_of_user()));
  const std::string text = text_of(key, reader);
  ov::CompiledModel network;
  bool taken = false;
  kept.find(text, [&](std::span<const std::byte> bytes) {
    try {
      // the engine takes a pointer that may be written, and only reads
      const ov::Tensor all(ov::element::u8, {bytes.size()}, const_cast<std::byte*>(bytes.data()));
      network = engine().import_model(all, processor_device, config);
      taken = true;
    } catch (const std::exception&) {
      taken = false; // the engine refuses what it wrote: it is compiled again
    }
  });
  if (taken)
    return network;
  network = engine().compile_model(read(key.file, options, reader), processor_device, config);
  std::ostringstream blob;
  network.export_model(blob);
  kept.keep(text, std::as_bytes(std::span(blob.view())));
  return network;
}

/// Returns the network on the device that the options want. The results of another device than the processor
/// are compared with the processor's first.
ov::CompiledModel on_device(const Key& key, const SessionOptions& options, const NetworkReader& reader) {
  ov::CompiledModel processor = kept_or_compiled(key, options, reader);
  const std::string wanted = device_named(options.device);
  if (wanted == processor_device)
    return processor;
  ov::CompiledModel other;
  const auto trial = [&](const std::string& device) -> std::optional<std::string> {
    try {
      other = engine().compile_model(read(key.file, options, reader), device, options_of(Precision::f32));
      if (networks_agree(other, processor))
        return {};
      return "The results of " + key.file.filename().string() + " on the device " + device +
             " differ from the processor's.";
    } catch (const std::exception& e) {
      return key.file.filename().string() + " does not run on the device " + device + "." + cause(e);
    }
  };
  return device_for(wanted, devices(), trial) == processor_device ? processor : other;
}

/// The networks that this process compiled last. Never destroyed, like the engine.
class Compiled {
public:
  ov::CompiledModel get(const Key& key, const SessionOptions& options, const NetworkReader& reader) {
    const std::lock_guard lock(mutex_);
    const auto known =
        std::find_if(networks_.begin(), networks_.end(), [&](const auto& n) { return n.first == key; });
    if (known != networks_.end())
      return known->second;
    auto network = on_device(key, options, reader);
    networks_.emplace_back(key, network);
    if (networks_.size() > most)
      networks_.pop_front();
    return network;
  }

private:
  static constexpr std::size_t most = 12;
  std::mutex mutex_;
  std::deque<std::pair<Key, ov::CompiledModel>> networks_;
};

Compiled& compiled() {
  static auto* const networks = new Compiled;
  return *networks;
}

void require_f32(const ov::element::Type& type, const std::filesystem::path& file) {
  if (type != ov::element::f32)
    refuse(ModelError::Kind::damaged, file,
           "has values of type " + type.get_type_name() + "; f32 is expected.");
}

} // namespace

ov::Core& engine() {
  static auto* const core = new ov::Core;
  return *core;
}

std::string cause(const std::exception& error) {
  std::string text = error.what();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return " (" + text + ")";
}

Precision usable_precision(Precision wanted) {
  if (wanted == Precision::f32)
    return wanted;
  try {
    const auto known = engine().get_property(processor_device, ov::device::capabilities);
    return std::find(known.begin(), known.end(), ov::device::capability::BF16) != known.end()
               ? wanted
               : Precision::f32;
  } catch (const std::exception& e) {
    throw ModelError(ModelError::Kind::engine, "The inference engine does not start." + cause(e));
  }
}

void require_finite(std::span<const float> values, const std::string& what) {
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
    throw ModelError(ModelError::Kind::engine, "The network gave " + what + " that are not numbers.");
}

std::vector<std::int64_t> input_layout(const std::filesystem::path& model) {
  const auto shape = read(model, {}, {})->input().get_partial_shape();
  if (shape.rank().is_dynamic())
    refuse(ModelError::Kind::damaged, model, "does not say how many dimensions its input has.");
  std::vector<std::int64_t> dims;
  for (const ov::Dimension& dim : shape)
    dims.push_back(dim.is_dynamic() ? -1 : dim.get_length());
  return dims;
}

struct Session::Impl {
  std::filesystem::path file;
  Precision precision = Precision::f32;
  ov::CompiledModel network;
  ov::InferRequest request;
  ov::Tensor input;
  std::vector<std::size_t> input_shape;
};

Session::Session(const std::filesystem::path& model, const SessionOptions& options)
    : Session(model, options, {}) {}

Session::Session(const std::filesystem::path& model, const SessionOptions& options,
                 const NetworkReader& reader)
    : impl_(std::make_unique<Impl>()) {
  if (options.threads < 1)
    throw ModelError(ModelError::Kind::engine,
                     "Inference needs at least 1 thread, not " + std::to_string(options.threads) + ".");
  impl_->file = model;
  impl_->precision = usable_precision(options.precision);
  const Key key = key_of(model, options, impl_->precision);
  try {
    impl_->network = compiled().get(key, options, reader);
    impl_->request = impl_->network.create_infer_request();
    impl_->input = impl_->request.get_input_tensor();
    require_f32(impl_->network.input().get_element_type(), model);
    for (const auto& output : impl_->network.outputs())
      require_f32(output.get_element_type(), model);
    if (impl_->network.input().get_partial_shape().is_static()) {
      impl_->input_shape = impl_->input.get_shape();
      std::fill_n(impl_->input.data<float>(), impl_->input.get_size(), 0.F);
    }
  } catch (const ModelError&) {
    throw;
  } catch (const std::exception& e) {
    refuse(ModelError::Kind::engine, model, "cannot be compiled.", cause(e));
  }
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;

void Session::reshape(const std::vector<std::size_t>& shape) {
  if (shape == impl_->input_shape)
    return;
  try {
    impl_->input.set_shape(shape);
    impl_->input_shape = shape;
  } catch (const std::exception& e) {
    throw ModelError(ModelError::Kind::engine,
                     "The input of " + impl_->file.string() + " cannot have this shape." + cause(e));
  }
}

std::span<float> Session::input() {
  return {impl_->input.data<float>(), impl_->input.get_size()};
}
const std::vector<std::size_t>& Session::input_shape() const {
  return impl_->input_shape;
}
std::size_t Session::output_count() const {
  return impl_->network.outputs().size();
}
Precision Session::precision() const {
  return impl_->precision;
}

void Session::infer() {
  try {
    impl_->request.infer();
  } catch (const std::exception& e) {
    throw ModelError(ModelError::Kind::engine,
                     "Inference with " + impl_->file.string() + " failed." + cause(e));
  }
}

std::span<const float> Session::output(std::size_t index) const {
  try {
    const auto tensor = impl_->request.get_output_tensor(index);
    return {tensor.data<const float>(), tensor.get_size()};
  } catch (const std::exception& e) {
    refuse(ModelError::Kind::damaged, impl_->file, "has no output " + std::to_string(index) + ".", cause(e));
  }
}

std::vector<std::size_t> Session::output_shape(std::size_t index) const {
  try {
    return impl_->request.get_output_tensor(index).get_shape();
  } catch (const std::exception& e) {
    refuse(ModelError::Kind::damaged, impl_->file, "has no output " + std::to_string(index) + ".", cause(e));
  }
}

} // namespace deid::models
