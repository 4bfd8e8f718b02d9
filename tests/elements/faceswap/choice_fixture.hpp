#pragma once
#include "models/manifest/manifest.hpp"
#include "tests/elements/faceswap/somebody.hpp"
#include "tests/elements/faceswap/two_people.hpp"

namespace deid::test {

namespace fs = std::filesystem;
using faceswap::Target;

/// Sets another folder of models during its lifetime.
class ModelDir {
public:
  explicit ModelDir(const fs::path& folder) {
    if (const char* old = std::getenv("DEID_MODEL_DIR"); old != nullptr)
      old_ = old;
    ::setenv("DEID_MODEL_DIR", folder.c_str(), 1);
  }
  ~ModelDir() { ::setenv("DEID_MODEL_DIR", old_.c_str(), 1); }
  ModelDir(const ModelDir&) = delete;
  ModelDir& operator=(const ModelDir&) = delete;

private:
  std::string old_{};
};

/// A descriptor that is far from each person's.
inline std::array<float, 128> far_away(std::size_t axis) {
  std::array<float, 128> d{};
  d.at(axis) = 2;
  return d;
}

class Choice : public test::TwoPeople {
protected:
  void SetUp() override {
    TwoPeople::SetUp();
    if (!IsSkipped() && !fs::exists(test::bank_file(5)))
      GTEST_SKIP() << "set-up has not made " << test::bank_file(5);
  }
  std::string file(const std::string& name) const { return (scratch_.path() / name).string(); }
  std::string put(const std::string& name, Target target) {
    fs::create_directories(fs::path(file(name)).parent_path());
    target.name = fs::path(name).stem();
    faceswap::write_target(file(name), target);
    return file(name);
  }
  /// A target with the man's own face. says: the descriptor in its file.
  Target the_man(std::optional<std::array<float, 128>> says) const {
    Target target = test::target_of(man_, "man");
    target.descriptor = says;
    return target;
  }
  /// A target that resembles no person.
  Target texture(std::size_t axis) const {
    Target target = test::of_the_bank(axis == 0 ? 1 : 5, "far");
    target.descriptor = far_away(axis);
    return target;
  }
  /// A folder with two such targets.
  std::string bank() {
    put("bank/one.json", texture(0));
    put("bank/two.json", texture(1));
    return file("bank");
  }
  static bool refused(const Settings& settings, int code, const std::string& part) {
    const std::string said = refusal(settings);
    const bool fine =
        said.starts_with(test::error_text(GST_RESOURCE_ERROR, code)) && said.find(part) != std::string::npos;
    if (!fine)
      std::printf("%s\n", said.c_str());
    return fine;
  }
  /// Fields of the next "deid-swap" message with this event; empty when there is none.
  std::string event(const char* wanted) {
    while (GstMessage* message = bench_->message(GST_MESSAGE_ELEMENT)) {
      const GstStructure* fields = gst_message_get_structure(message);
      std::string text;
      if (gst_structure_has_name(fields, "deid-swap") &&
          g_strcmp0(gst_structure_get_string(fields, "event"), wanted) == 0) {
        gchar* all = gst_structure_to_string(fields);
        text = all;
        g_free(all);
      }
      gst_message_unref(message);
      if (!text.empty())
        return text;
    }
    return "";
  }
};

} // namespace deid::test
