# What the scripts need to know about a build: where its plugin and its command ended up. Read by meson-free-scripts.
set(DEID_COMMAND_DIR ${CMAKE_BINARY_DIR})
if(TARGET deid)
  set(DEID_COMMAND_DIR $<TARGET_FILE_DIR:deid>)
endif()
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/where.sh CONTENT
"plugin_dir='${CMAKE_BINARY_DIR}/plugins'
model_dir='${DEID_DEPS_DIR}/models'
command_dir='${DEID_COMMAND_DIR}'
")
