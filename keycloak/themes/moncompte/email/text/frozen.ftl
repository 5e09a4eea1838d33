<#ftl output_format="plainText">
${msg("hello")}<#if ownerName?has_content> ${ownerName}</#if>,

${msg("frozenIntro")}

${msg("frozenNext")}

--
${msg("automatic")}
