"""The arithmetic of the viewer's page: every layer's values, computed in a browser."""


def values_in_page(page, demo, images):
    """Return the values of every layer of the first network of ``demo``, as its page has them.

    Args:
        page: A page of a browser that nothing was loaded into.
        demo: What ``lenet_viewer`` returned.
        images: Pictures, shape (N, channels, height, width).

    Returns:
        For each picture the values of the picture itself and of each layer, flat.
    """
    if not page.evaluate("'m' in window"):
        script = demo.page().split('<script type="module">')[1].split("// ---- the page around")[0]
        page.add_script_tag(content=f"{script}\nwindow.m = {{forward, unpack}};", type="module")
        page.wait_for_function("window.m")
    return page.evaluate(
        """([net, pictures]) => {
            const unpacked = m.unpack(net);
            return pictures.map((p) =>
                m.forward(unpacked, Float32Array.from(p)).map((v) => Array.from(v)));
        }""",
        [demo.data["nets"][0], images.flatten(1).tolist()],
    )
