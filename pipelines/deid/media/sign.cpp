#include "pipelines/deid/media/sign.hpp"
#include "pipelines/deid/failure.hpp"
#include "pipelines/deid/plugin.hpp"
#include <array>
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <unistd.h>

namespace deid::cli {
namespace fs = std::filesystem;
namespace {

/// The types of c2pa.h (c2pa-rs 0.91), as far as they are used.
using Read = std::intptr_t (*)(void*, std::uint8_t*, std::intptr_t);
using Seek = std::int64_t (*)(void*, std::int64_t, int);
using Write = std::intptr_t (*)(void*, const std::uint8_t*, std::intptr_t);
using Flush = std::intptr_t (*)(void*);

int file_of(void* context) {
  return *static_cast<const int*>(context);
}
std::intptr_t read_some(void* context, std::uint8_t* to, std::intptr_t n) {
  return n < 0 ? -1 : read(file_of(context), to, static_cast<std::size_t>(n));
}
std::int64_t seek_to(void* context, std::int64_t offset, int from) {
  return lseek(file_of(context), offset, from); // 0, 1 and 2 mean the same on both sides
}
std::intptr_t write_some(void* context, const std::uint8_t* from, std::intptr_t n) {
  return n < 0 ? -1 : write(file_of(context), from, static_cast<std::size_t>(n));
}
std::intptr_t flush_nothing(void* /*context*/) {
  return 0;
}

/// Where the library may be: where DEID_C2PA says, else beside the engine of an installation.
fs::path library_file() {
  if (const char* named = std::getenv("DEID_C2PA"); named && *named)
    return named;
  return this_program().parent_path().parent_path() / DEID_LIBDIR / "gst-deid" / "libc2pa_c.so";
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || text.empty() || text.find('\0') != std::string::npos)
    throw Failure(file.string() + " cannot be read, or holds no PEM text.");
  return text;
}

std::string statement() {
  const nlohmann::json action{
      {"action", "c2pa.created"},
      {"digitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"}};
  return nlohmann::json{{"claim_generator_info", {{{"name", "gst-deid"}, {"version", DEID_VERSION}}}},
                        {"assertions", {{{"label", "c2pa.actions"}, {"data", {{"actions", {action}}}}}}}}
      .dump();
}

/// A PNG of one pixel.
constexpr std::array<unsigned char, 67> pixel{
    0x89, 'P',  'N',  'G',  '\r', '\n', 0x1a, '\n', 0,    0,    0,    13,  'I',  'H',  'D',  'R',  0,
    0,    0,    1,    0,    0,    0,    1,    8,    0,    0,    0,    0,   0x3a, 0x7e, 0x9b, 0x55, 0,
    0,    0,    10,   'I',  'D',  'A',  'T',  0x78, 0x9c, 0x63, 0x60, 0,   0,    0,    2,    0,    1,
    0x48, 0xaf, 0xa4, 0x71, 0,    0,    0,    0,    'I',  'E',  'N',  'D', 0xae, 0x42, 0x60, 0x82};

/// A file in memory.
struct Memory {
  explicit Memory(const char* name) : fd(memfd_create(name, MFD_CLOEXEC)) {}
  ~Memory() { close(fd); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  int fd;
};

} // namespace

/// The library, and the signer that it made.
class Signer::Library {
public:
  Library(const fs::path& key, const fs::path& certificates);
  ~Library() {
    if (signer_)
      free_(signer_); // the library stays loaded: it may have threads
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  void sign(int from, int to, const std::string& type) const;
  void verify(int fd, const std::string& type) const;

private:
  /// C2paSignerInfo of c2pa.h.
  struct SignerInfo {
    const char *algorithm, *certificates, *key, *time_server;
  };
  /// An object of the library, freed with this one.
  struct Owned {
    Owned(const Library& library, void* object) : library_(library), object_(object) {
      if (!object)
        library.fail();
    }
    ~Owned() { library_.free_(object_); }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    void* get() const { return object_; }

  private:
    const Library& library_;
    void* object_;
  };
  struct Stream {
    Stream(const Library& library, int fd)
        : library_(library), fd_(fd),
          stream_(library.create_stream_(&fd_, read_some, seek_to, write_some, flush_nothing)) {
      if (!stream_ || lseek(fd, 0, SEEK_SET) != 0)
        library.fail();
    }
    ~Stream() { library_.release_stream_(stream_); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    void* get() const { return stream_; }

  private:
    const Library& library_;
    int fd_;
    void* stream_;
  };

  template <class Function> void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(handle_, name));
    if (!function)
      throw Failure("--sign: the library of c2pa is of another version: it has no " + std::string(name) +
                    ".");
  }
  std::string text_of(char* text) const {
    const std::string copy = text ? text : "";
    if (text)
      free_(text);
    return copy;
  }
  [[noreturn]] void fail() const { throw Failure("The result cannot be signed: " + text_of(error_()) + "."); }
  void* handle_ = nullptr;
  void* signer_ = nullptr;
  int (*free_)(void*) = nullptr;
  char* (*error_)() = nullptr;
  void* (*signer_from_info_)(const SignerInfo*) = nullptr;
  void* (*builder_from_json_)(const char*) = nullptr;
  void* (*create_stream_)(void*, Read, Seek, Write, Flush) = nullptr;
  void (*release_stream_)(void*) = nullptr;
  std::int64_t (*builder_sign_)(void*, const char*, void*, void*, void*, const unsigned char**) = nullptr;
  void* (*reader_from_stream_)(const char*, void*) = nullptr;
  char* (*reader_json_)(void*) = nullptr;
};

Signer::Library::Library(const fs::path& key, const fs::path& certificates) {
  const std::string own = content_of(key), chain = content_of(certificates);
  handle_ = dlopen(library_file().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle_)
    throw Failure("--sign needs the library of c2pa, which is not there (" + std::string(dlerror()) +
                  "). docs/marking.md says where it comes from.");
  find(free_, "c2pa_free");
  find(error_, "c2pa_error");
  find(signer_from_info_, "c2pa_signer_from_info");
  find(builder_from_json_, "c2pa_builder_from_json");
  find(create_stream_, "c2pa_create_stream");
  find(release_stream_, "c2pa_release_stream");
  find(builder_sign_, "c2pa_builder_sign");
  find(reader_from_stream_, "c2pa_reader_from_stream");
  find(reader_json_, "c2pa_reader_json");
  for (const char* algorithm : {"es256", "es384", "es512", "ed25519", "ps256"}) {
    const SignerInfo info{algorithm, chain.c_str(), own.c_str(), nullptr}; // no server of times: no network
    if ((signer_ = signer_from_info_(&info)))
      return;
  }
  throw Failure("--sign: " + key.string() +
                " is no private key that C2PA knows (PEM in the form of PKCS #8; "
                "ECDSA P-256, P-384 or P-521, Ed25519, RSA): " +
                text_of(error_()) + ".");
}

void Signer::Library::sign(int from, int to, const std::string& type) const {
  const Owned builder(*this, builder_from_json_(statement().c_str()));
  const Stream source(*this, from), target(*this, to);
  const unsigned char* manifest = nullptr;
  const auto size =
      builder_sign_(builder.get(), type.c_str(), source.get(), target.get(), signer_, &manifest);
  if (manifest)
    free_(const_cast<unsigned char*>(manifest));
  if (size <= 0)
    fail();
  verify(to, type);
}

void Signer::Library::verify(int fd, const std::string& type) const {
  const Stream stream(*this, fd);
  const Owned reader(*this, reader_from_stream_(type.c_str(), stream.get()));
  const std::string text = text_of(reader_json_(reader.get()));
  const auto read = nlohmann::json::parse(text, nullptr, false);
  const std::string state = read.is_object() ? read.value("validation_state", "") : "";
  if (state != "Valid" && state != "Trusted")
    throw Failure("The signature of the result is not valid (" + (state.empty() ? "no state" : state) +
                  "); it is not kept.");
}

Signer::Signer(const fs::path& key, const fs::path& certificates)
    : library_(std::make_unique<Library>(key, certificates)) {
  const Memory plain("plain"), trial("signed");
  if (write(plain.fd, pixel.data(), pixel.size()) != static_cast<ssize_t>(pixel.size()))
    throw Failure("--sign: there is no memory for a trial.");
  sign(plain.fd, trial.fd, "image/png");
}

Signer::~Signer() = default;

void Signer::sign(int from, int to, const std::string& type) const {
  library_->sign(from, to, type);
}

void Signer::verify(int fd, const std::string& type) const {
  library_->verify(fd, type);
}

} // namespace deid::cli
