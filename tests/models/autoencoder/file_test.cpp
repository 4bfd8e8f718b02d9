#include "models/autoencoder/file.hpp"
#include "models/autoencoder/sealed.hpp"
#include "tests/models/autoencoder/random_model.hpp"
#include "tests/support/scratch.hpp"
#include <cstring>
#include <functional>
#include <glib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <sys/stat.h>

namespace deid::models::autoencoder {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

class AutoencoderFile : public testing::Test {
protected:
  test::Scratch scratch;
  std::filesystem::path file = scratch.path() / "model.deidae";

  /// Writes a good model, changes its bytes, and corrects the checksum.
  void write_changed(const std::function<void(std::string&)>& change) const {
    write_model(file, test::random_model("light96"));
    std::string bytes = test::read(file);
    bytes.resize(bytes.size() - 32);
    change(bytes);
    const std::unique_ptr<GChecksum, decltype(&g_checksum_free)> sum(g_checksum_new(G_CHECKSUM_SHA256),
                                                                     g_checksum_free);
    g_checksum_update(sum.get(), reinterpret_cast<const guchar*>(bytes.data()),
                      static_cast<gssize>(bytes.size()));
    std::string digest(32, 0);
    gsize size = digest.size();
    g_checksum_get_digest(sum.get(), reinterpret_cast<guint8*>(digest.data()), &size);
    test::write(file, bytes + digest);
  }
  /// Replaces a text of the header by another of the same length.
  void write_with(const std::string& text, const std::string& by) const {
    ASSERT_EQ(text.size(), by.size());
    write_changed([&](std::string& bytes) {
      const auto at = bytes.find(text);
      ASSERT_NE(at, std::string::npos);
      bytes.replace(at, by.size(), by);
    });
  }
  [[nodiscard]] std::string refusal(std::string_view passphrase = {}) const {
    try {
      (void)read_model(file, passphrase);
    } catch (const ModelError& error) {
      return error.what();
    }
    return "it was read";
  }
};

TEST_F(AutoencoderFile, ComesBackAsItWasWritten) {
  ModelFile model = test::random_model("light96", 3, Direction::both);
  model.alignment = {.coverage = .75, .padding = .5};
  model.training = R"({"iterations":12,"clips":["a"]})";
  model.target.status = "a volunteer, in writing";
  model.target.descriptor.at(127) = -.125F;
  write_model(file, model);
  const ModelFile back = read_model(file);
  EXPECT_EQ(back.network.name, "light96");
  EXPECT_EQ(back.alignment, model.alignment);
  EXPECT_EQ(back.direction, Direction::both);
  EXPECT_EQ(back.subject, model.subject);
  EXPECT_EQ(back.target.descriptor, model.target.descriptor);
  EXPECT_EQ(back.target.name, "nobody");
  EXPECT_EQ(back.target.status, model.target.status);
  EXPECT_EQ(back.training, model.training);
  ASSERT_EQ(back.tensors.size(), model.tensors.size());
  for (std::size_t i = 0; i < back.tensors.size(); ++i) {
    EXPECT_EQ(back.tensors[i].name, model.tensors[i].name);
    EXPECT_EQ(back.tensors[i].shape, model.tensors[i].shape);
    EXPECT_EQ(back.tensors[i].values, model.tensors[i].values);
  }
}

TEST_F(AutoencoderFile, IsReadableByItsOwnerAloneAndReplacesAnOlderOne) {
  test::write(file, "something older");
  chmod(file.c_str(), 0644);
  write_model(file, test::random_model("light96"));
  struct stat info {};
  ASSERT_EQ(stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(read_model(file).network.name, "light96");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
}

TEST_F(AutoencoderFile, WhatCannotBeWrittenLeavesTheOlderOne) {
  write_model(file, test::random_model("light96", 1));
  const std::string before = test::read(file);
  ModelFile wrong = test::random_model("light96", 2);
  wrong.tensors.front().values.front() = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(write_model(file, wrong), ModelError);
  EXPECT_EQ(test::read(file), before);
  EXPECT_THROW(write_model(scratch.path() / "no" / "such" / "folder", test::random_model("light96")),
               ModelError);
}

TEST_F(AutoencoderFile, OneThatIsMissingIsSaidToBe) {
  try {
    (void)read_model(file);
    FAIL() << "it was read";
  } catch (const ModelError& error) {
    EXPECT_EQ(error.kind(), ModelError::Kind::missing);
    EXPECT_THAT(error.what(), HasSubstr(file.string()));
  }
}

TEST_F(AutoencoderFile, EveryCutIsSeen) {
  write_model(file, test::random_model("light96"));
  const std::string whole = test::read(file);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{3}, std::size_t{8}, std::size_t{11}, std::size_t{40}, std::size_t{2000},
        whole.size() / 2, whole.size() - 33, whole.size() - 1}) {
    test::write(file, whole.substr(0, size));
    EXPECT_THAT(refusal(),
                AllOf(HasSubstr("cannot be used"), HasSubstr(size == 0 ? "not a model" : "cut off")))
        << size;
  }
  test::write(file, whole + "x");
  EXPECT_THAT(refusal(), HasSubstr("behind its end"));
}

TEST_F(AutoencoderFile, EveryChangedByteIsSeen) {
  write_model(file, test::random_model("light96"));
  const std::string whole = test::read(file);
  for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{9}, std::size_t{14},
                               std::size_t{700}, whole.size() / 2, whole.size() - 1}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    test::write(file, changed);
    EXPECT_THAT(refusal(), HasSubstr("cannot be used")) << at;
  }
  std::string changed = whole;
  changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 1);
  test::write(file, changed);
  EXPECT_THAT(refusal(), HasSubstr("checksum"));
}

TEST_F(AutoencoderFile, OtherVersionsSayWhatToDo) {
  write_with("deid-autoencoder-1", "deid-autoencoder-2");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("newer"), HasSubstr("update")));
  write_with("deid-autoencoder-1", "deid-autoencoder-0");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("older"), HasSubstr("train it again")));
  write_with("DEIDAE01", "DEIDAE07");
  EXPECT_THAT(refusal(), HasSubstr("newer"));
  write_with("DEIDAE01", "MZ5DAE01");
  EXPECT_THAT(refusal(), HasSubstr("not a model file of deid train"));
}

TEST_F(AutoencoderFile, WhatDoesNotFitTheNetworkIsRefused) {
  write_with("\"light96\"", "\"light97\"");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("light97"), HasSubstr("network is unknown")));
  write_with("\"size\":96", "\"size\":64");
  EXPECT_THAT(refusal(), HasSubstr("size"));
  write_with("encoder.conv1.weight", "encoder.conv9.weight");
  EXPECT_THAT(refusal(), HasSubstr("encoder.conv9.weight"));
  write_with("[64,32,3,3]", "[32,64,3,3]");
  EXPECT_THAT(refusal(), HasSubstr("encoder.conv1.weight"));
  write_with("[64,32,3,3]", "[64,32,9,9]");
  EXPECT_THAT(refusal(), HasSubstr("cut off"));
  write_with("\"rgb\"", "\"bgr\"");
  EXPECT_THAT(refusal(), HasSubstr("bgr"));
  write_with("mesh-51", "mesh-68");
  EXPECT_THAT(refusal(), HasSubstr("mesh-68"));
  write_with("subject-to-target", "target-to-subject");
  EXPECT_THAT(refusal(), HasSubstr("direction"));
}

TEST_F(AutoencoderFile, NumbersThatNoIntegerHoldsAreRefused) {
  write_with("\"size\":96,\"alignment\"", "\"size\":9e9,\"alignmen\"");
  EXPECT_THAT(refusal(), HasSubstr("its size"));
  for (const char* shape : {"[9e99,3,33]", "[-4,32,3,3]", "[4.5,32,3,]", "[64,32,\"3\"]"}) {
    write_with("[64,32,3,3]", shape);
    EXPECT_THAT(refusal(), AnyOf(HasSubstr("larger than any"), HasSubstr("header is damaged"))) << shape;
  }
}

TEST_F(AutoencoderFile, WeightsThatAreNoNumbersAreRefused) {
  write_changed([](std::string& bytes) {
    const float inf = std::numeric_limits<float>::infinity();
    std::memcpy(bytes.data() + bytes.size() - sizeof inf, &inf, sizeof inf);
  });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("decoder_target.out.bias"), HasSubstr("not numbers")));
}

TEST_F(AutoencoderFile, AHeaderThatIsNoneIsRefused) {
  write_with("{\"format\"", "[\"format\"");
  EXPECT_THAT(refusal(), HasSubstr("header is damaged"));
  write_with("\"coverage\":", "\"coverace\":");
  EXPECT_THAT(refusal(), HasSubstr("header is damaged"));
  write_with("\"tensors\":[", "\"tensorz\":[");
  EXPECT_THAT(refusal(), HasSubstr("header is damaged"));
}

TEST_F(AutoencoderFile, AReportMustBeAnObject) {
  ModelFile model = test::random_model("light96");
  for (const char* report : {"", "[1]", "{"}) {
    model.training = report;
    EXPECT_THROW(write_model(file, model), ModelError) << report;
  }
}

TEST_F(AutoencoderFile, EncryptedOnesNeedTheirPassphrase) {
  const ModelFile model = test::random_model("light96");
  if (!can_seal()) {
    EXPECT_THROW(write_model(file, model, "word"), ModelError);
    GTEST_SKIP() << "This build has no libsodium: only the refusal was tested.";
  }
  write_model(file, model, "a long word");
  const std::string bytes = test::read(file);
  EXPECT_EQ(bytes.substr(0, 8), "DEIDAEX1");
  EXPECT_EQ(bytes.find("light96"), std::string::npos);
  EXPECT_EQ(read_model(file, "a long word").tensors.back().values, model.tensors.back().values);
  EXPECT_THAT(refusal(), HasSubstr("no passphrase"));
  EXPECT_THAT(refusal("another word"), HasSubstr("passphrase is wrong"));
  test::write(file, bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(refusal("a long word"), HasSubstr("cut off"));
  test::write(file, bytes.substr(0, 20));
  EXPECT_THAT(refusal("a long word"), HasSubstr("cut off"));
  std::string changed = bytes;
  changed[bytes.size() - 100] = static_cast<char>(changed[bytes.size() - 100] ^ 1);
  test::write(file, changed);
  EXPECT_THAT(refusal("a long word"), HasSubstr("changed"));
}

} // namespace
} // namespace deid::models::autoencoder
