# cmake --install BUILD --prefix P: plugin, deid, the engine's libraries, weights, licences, and P/share/gst-deid/env.

# The environment of the build tree; meson-free-scripts/build puts it in build/env.
set(DEID_ENV_REGISTRY "${CMAKE_BINARY_DIR}/registry.bin")
set(DEID_ENV_PLUGIN_DIR "${CMAKE_BINARY_DIR}/plugins")
set(DEID_ENV_MODEL_DIR "${DEID_DEPS_DIR}/models")
set(DEID_ENV_COMMAND_DIR "${CMAKE_BINARY_DIR}/bin")
if(TARGET deid)
  get_target_property(DEID_ENV_COMMAND_DIR deid RUNTIME_OUTPUT_DIRECTORY)
  if(NOT DEID_ENV_COMMAND_DIR)
    get_target_property(DEID_ENV_COMMAND_DIR deid BINARY_DIR)
  endif()
endif()
configure_file(${CMAKE_SOURCE_DIR}/cmake/env.in ${CMAKE_BINARY_DIR}/env @ONLY)

# The engine beside us, not in the linker's path: another program may have a version of its own. It looks for its device
# plugin and its readers of ONNX, TensorFlow, TFLite and IR files beside its main library.
set(DEID_ENGINE_DIR ${CMAKE_INSTALL_LIBDIR}/gst-deid)
set(DEID_PLUGIN_INSTALL_DIR ${CMAKE_INSTALL_LIBDIR}/gstreamer-1.0)
set(DEID_DATA_DIR ${CMAKE_INSTALL_DATADIR}/gst-deid)
foreach(part openvino openvino_intel_cpu_plugin openvino_ir_frontend openvino_onnx_frontend openvino_tensorflow_frontend openvino_tensorflow_lite_frontend
        tbb tbbmalloc tbbbind_2_5 hwloc)
  file(GLOB found ${DEID_DEPS_DIR}/openvino/libs/lib${part}.so*)
  install(FILES ${found} DESTINATION ${DEID_ENGINE_DIR})
endforeach()

# Installs a target that uses the engine, and points it at the engine relative to itself, so that a prefix can be moved.
# Left to itself, CMake would keep what link options added for the build tree, and end the build tree's path with an empty
# entry, which means the current directory: anybody's library there would be loaded.
function(deid_install target destination)
  if(NOT TARGET ${target})
    return()
  endif()
  file(RELATIVE_PATH to_engine /${destination} /${DEID_ENGINE_DIR})
  # The path of the installed place replaces that of the build tree in the file, so it must not be longer.
  set(engine ${DEID_DEPS_DIR}/openvino/libs)
  string(LENGTH "$ORIGIN/${to_engine}" least)
  string(LENGTH "${engine}" length)
  while(length LESS least)
    string(PREPEND engine "/.")
    math(EXPR length "${length} + 2")
  endwhile()
  set_target_properties(${target} PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH ${engine})
  install(TARGETS ${target} RUNTIME DESTINATION ${destination} LIBRARY DESTINATION ${destination})
  install(CODE "file(RPATH_SET
    FILE \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${destination}/$<TARGET_FILE_NAME:${target}>\"
    NEW_RPATH \"\\\$ORIGIN/${to_engine}\")")
endfunction()
deid_install(gstdeid ${DEID_PLUGIN_INSTALL_DIR})
deid_install(gstdeidpose ${DEID_PLUGIN_INSTALL_DIR})
deid_install(gstdeidvolume ${DEID_PLUGIN_INSTALL_DIR})
deid_install(deid ${CMAKE_INSTALL_BINDIR})
if(TARGET deid-train) # beside deid, which looks for it there; needs no engine
  install(TARGETS deid-train RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(DIRECTORY ${DEID_DEPS_DIR}/models/ DESTINATION ${DEID_DATA_DIR}/models)
install(DIRECTORY ${DEID_DEPS_DIR}/targets/ DESTINATION ${DEID_DATA_DIR}/targets OPTIONAL)
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES models/manifest.json DESTINATION ${DEID_DATA_DIR}) # names the licence of every weight
install(DIRECTORY ${DEID_DEPS_DIR}/openvino/licences/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/openvino OPTIONAL)

# Written at install time, when the prefix is known.
install(CODE "
  set(GST_SYSTEM_PLUGIN_DIR \"${GST_SYSTEM_PLUGIN_DIR}\")
  set(DEID_ENV_REGISTRY \"\\\${XDG_CACHE_HOME:-\\\${HOME:-}/.cache}/gst-deid/registry.bin\")
  set(DEID_ENV_PLUGIN_DIR \"\${CMAKE_INSTALL_PREFIX}/${DEID_PLUGIN_INSTALL_DIR}\")
  set(DEID_ENV_MODEL_DIR \"\${CMAKE_INSTALL_PREFIX}/${DEID_DATA_DIR}/models\")
  set(DEID_ENV_COMMAND_DIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  configure_file(\"${CMAKE_SOURCE_DIR}/cmake/env.in\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${DEID_DATA_DIR}/env\" @ONLY)
  message(STATUS \"To use it: . \${CMAKE_INSTALL_PREFIX}/${DEID_DATA_DIR}/env\")")
