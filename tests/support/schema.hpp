#pragma once
#include "tests/support/scratch.hpp"
#include <gtest/gtest.h>
#include <sys/wait.h>

/// What tests that compare output with a schema of docs/schemas have in common.
namespace deid::test {

/// Runs tests/schemas/check.py, which a Debian package makes possible. Returns its exit status; said: what it
/// printed; part: of the schema's $defs.
inline int check_schema(const std::string& schema, const std::filesystem::path& file, std::string& said,
                        const std::string& part = "") {
  const Scratch scratch;
  const std::filesystem::path out = scratch.path() / "said";
  const std::string source = DEID_SOURCE_DIR;
  const std::string line = "/usr/bin/python3 '" + source + "/tests/schemas/check.py' '" + source +
                           "/docs/schemas/" + schema + ".schema.json' '" + file.string() + "' " + part +
                           " >'" + out.string() + "' 2>&1";
  const int status = std::system(line.c_str());
  said = read(out);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Fails unless the file is as the schema says, and without the library: a test begins with
/// DEID_NEEDS_JSONSCHEMA().
inline void expect_schema(const std::string& schema, const std::filesystem::path& file,
                          const std::string& part = "") {
  std::string said;
  EXPECT_EQ(check_schema(schema, file, said, part), 0) << schema << ": " << said;
}

inline void expect_no_schema(const std::string& schema, const std::filesystem::path& file,
                             const std::string& why) {
  std::string said;
  EXPECT_EQ(check_schema(schema, file, said), 1) << schema << ": " << said;
  EXPECT_NE(said.find(why), std::string::npos) << said;
}

inline bool have_jsonschema() {
  return std::system("/usr/bin/python3 -c 'import jsonschema' 2>/dev/null") == 0;
}

} // namespace deid::test

#define DEID_NEEDS_JSONSCHEMA()                                                                              \
  if (!deid::test::have_jsonschema())                                                                        \
  GTEST_SKIP() << "python3-jsonschema is not installed: no output is compared with docs/schemas"
